import { warning, type Warning } from '../../contract/errors.ts';
import type { OverlayPlane, PixelFormat } from '../../contract/series.ts';
import { dropLeadingBits } from '../codecs/unpackBits.ts';
import type { Attributes } from './attributes.ts';

/** Overlays are groups 6000, 6002 … (PS3.5 7.6); those beyond 601E were never standard and exist. */
const FIRST_GROUP = 0x6000;
const LAST_GROUP = 0x60fe;

type Planes = (frame: number) => OverlayPlane | null;

/**
 * The overlay planes of each frame (PS3.3 C.9.2). What cannot be drawn is left out with a warning.
 * @returns by the frame's index in its file
 */
export function readOverlays(
  attributes: Attributes,
  pixel: PixelFormat,
  warnings: Warning[],
): (frame: number) => OverlayPlane[] {
  const overlays: Planes[] = [];
  for (const { group, attributes: overlay } of attributes.repeatingGroups(FIRST_GROUP, LAST_GROUP)) {
    if (!overlay.has('OverlayData') && !overlay.has('OverlayBitPosition')) continue;
    const planes = overlay.has('OverlayData') ? separatePlanes(overlay) : embeddedPlane(overlay, pixel);
    if (planes !== null) overlays.push(planes);
    else warnings.push(unusable(group));
  }
  return (frame) => overlays.flatMap((planes) => planes(frame) ?? []);
}

function unusable(group: number): Warning {
  const reason = `the overlay ${group.toString(16)} has not the bits that it should have and is not drawn`;
  return warning('HEADER_QUESTIONABLE', { reason });
}

/** Overlay Data, one plane or several that follow each other without padding. */
function separatePlanes(overlay: Attributes): Planes | null {
  const rows = overlay.number('OverlayRows');
  const columns = overlay.number('OverlayColumns');
  if (rows === null || columns === null || rows < 1 || columns < 1) return null;
  const count = overlay.number('NumberOfFramesInOverlay') ?? 1;
  const pixels = rows * columns;
  const data = overlay.littleEndianBytes('OverlayData');
  if (!Number.isInteger(count) || count < 1 || data.length * 8 < pixels * count) return null;
  const [row = 1, column = 1] = overlay.numbers('OverlayOrigin');
  const shared = { rows, columns, top: row - 1, left: column - 1 };
  const plane = (index: number): OverlayPlane => {
    const start = index * pixels;
    // A copy: the record outlives the header, and crosses threads without it.
    const stored = new Uint8Array(data.subarray(Math.floor(start / 8), Math.ceil((start + pixels) / 8)));
    return { ...shared, source: { kind: 'data', bits: dropLeadingBits(stored, start % 8) } };
  };
  const origin = overlay.number('ImageFrameOrigin');
  if (count === 1 && origin === null) {
    // Of no frame in particular: it lies over all of them, held once.
    const only = plane(0);
    return () => only;
  }
  const first = (origin ?? 1) - 1;
  return (frame) => (frame >= first && frame < first + count ? plane(frame - first) : null);
}

/** Retired: a bit of the image's own words outside its stored bits (PS3.3 C.9.2, 2004). */
function embeddedPlane(
  overlay: Attributes,
  { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit, number }: PixelFormat,
): Planes | null {
  const bit = overlay.number('OverlayBitPosition');
  if (bit === null || samplesPerPixel !== 1 || number !== 'integer') return null;
  const isStored = bit <= highBit && bit > highBit - bitsStored;
  if (bit < 0 || bit >= bitsAllocated || isStored) return null;
  const plane: OverlayPlane = { rows, columns, top: 0, left: 0, source: { kind: 'pixelBit', bit } };
  return () => plane;
}
