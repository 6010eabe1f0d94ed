/** The tile-parts of a JPEG 2000 code stream (ISO/IEC 15444-1 A.4.2). */
import { frameFailed } from './codec.ts';

const SOT = 0xff90;
const EOC = 0xffd9;
/** SOT and SOD: what a tile-part has without data. */
const MIN_TILE_PART = 14;

/** Parts of one tile. */
interface Parts {
  found: number;
  /** As the tile says itself; 0: it does not. */
  announced: number;
}

/**
 * Both decoders fill what is missing with nothing and do not say so: every tile, and every part that a tile
 * announces, must be there in its whole length, and the end marker after them. A stream whose tiles have all their
 * announced parts may go without the marker.
 *
 * @param start the first SOT marker
 * @param tiles as the size of image and tiles gives them
 * @throws KeysliceError FRAME_FAILED
 */
export function checkTileParts(view: DataView, start: number, tiles: number): void {
  if (tiles * MIN_TILE_PART > view.byteLength - start) {
    throw frameFailed(`the JPEG 2000 stream of ${view.byteLength} bytes is too short for its ${tiles} tiles`);
  }
  const parts = new Map<number, Parts>();
  let at = start;
  while (at + MIN_TILE_PART <= view.byteLength && view.getUint16(at) === SOT) {
    const tile = view.getUint16(at + 4);
    if (tile >= tiles) throw frameFailed(`the JPEG 2000 stream has a tile ${tile} of ${tiles}`);
    const known = parts.get(tile) ?? { found: 0, announced: 0 };
    parts.set(tile, {
      found: known.found + 1,
      announced: Math.max(known.announced, view.getUint8(at + 11)),
    });
    at = endOfPart(view, at);
  }
  const whole = [...parts.values()].every(({ found, announced }) => announced === 0 || found >= announced);
  if (parts.size < tiles || !whole) {
    throw frameFailed(`the JPEG 2000 stream ends too early: ${parts.size} of ${tiles} tiles are there`);
  }
  const counted = [...parts.values()].every(({ announced }) => announced > 0);
  checkEnd(view, at, counted);
}

/** @throws KeysliceError FRAME_FAILED when the part is longer than the stream */
function endOfPart(view: DataView, at: number): number {
  const length = view.getUint32(at + 6);
  // The last part may leave its length open: it goes on to the end marker, behind which one byte may pad the frame.
  if (length === 0)
    return view.getUint16(view.byteLength - 3) === EOC ? view.byteLength - 3 : view.byteLength - 2;
  if (length < MIN_TILE_PART) throw frameFailed('the length of a JPEG 2000 tile-part is damaged');
  const end = at + length;
  if (end > view.byteLength) {
    throw frameFailed(
      `the JPEG 2000 stream ends too early: ${end} bytes are needed, ${view.byteLength} are there`,
    );
  }
  return end;
}

function checkEnd(view: DataView, at: number, counted: boolean): void {
  const left = view.byteLength - at;
  if (left >= 2 ? view.getUint16(at) === EOC : counted) return;
  throw frameFailed(
    `the JPEG 2000 stream does not end where its tiles do, at byte ${at} of ${view.byteLength}`,
  );
}
