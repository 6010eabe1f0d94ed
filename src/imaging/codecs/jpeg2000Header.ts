/** The main header of a JPEG 2000 code stream (ISO/IEC 15444-1 Annex A), bare or in JP2 boxes (Annex I). */
import type { PixelFormat } from '../../contract/series.ts';
import { checkStreamSize, frameFailed } from './codec.ts';
import { checkTileParts } from './jpeg2000TileParts.ts';

export interface Jpeg2000Header {
  rows: number;
  columns: number;
  components: number;
  bits: number;
  signed: boolean;
  /** The multiple component transform (RCT or ICT) is used: decoded colour is RGB. */
  colorTransform: boolean;
}

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const SOT = 0xff90;
const JP2_SIGNATURE = 0x6a502020;
const CODE_STREAM_BOX = 0x6a703263;
/** Csiz (table A.9). */
const MAX_COMPONENTS = 16384;

interface ImageSize extends Omit<Jpeg2000Header, 'colorTransform'> {
  tiles: number;
}

/**
 * The header, compared with the data set, and every tile-part counted, before a decoder sees the stream.
 * @throws KeysliceError FRAME_FAILED for damaged, truncated or unusual streams, HEADER_INCONSISTENT
 */
export function readJpeg2000Header(bytes: Uint8Array, format: PixelFormat): Jpeg2000Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return mainHeader(view, codeStreamOffset(view), format);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw frameFailed(
      `the JPEG 2000 stream ends too early: in its header, after ${bytes.length} bytes`,
      thrown,
    );
  }
}

/** JP2 in DICOM is against PS3.5 A.4.4, but exists. */
function codeStreamOffset(view: DataView): number {
  if (view.getUint16(0) === SOC) return 0;
  if (view.getUint32(4) !== JP2_SIGNATURE) throw frameFailed('this is not a JPEG 2000 stream');
  for (let at = 0; ;) {
    const length = view.getUint32(at);
    if (view.getUint32(at + 4) === CODE_STREAM_BOX) return at + (length === 1 ? 16 : 8);
    if (length < 8) throw frameFailed('the JP2 boxes are damaged');
    at += length;
  }
}

function mainHeader(view: DataView, start: number, format: PixelFormat): Jpeg2000Header {
  let size: ImageSize | null = null;
  let colorTransform = false;
  let at = start + 2;
  for (let marker = view.getUint16(at); marker !== SOT; marker = view.getUint16(at)) {
    const length = view.getUint16(at + 2);
    if (marker < 0xff00 || length < 2) throw frameFailed('the JPEG 2000 header is damaged');
    if (marker === SIZ) size = imageSize(view, at);
    if (marker === COD) colorTransform = view.getUint8(at + 8) === 1;
    at += 2 + length;
  }
  if (size === null) throw frameFailed('the JPEG 2000 stream does not say its size');
  const { tiles, ...header } = size;
  checkStreamSize(header, format);
  checkTileParts(view, at, tiles);
  return { ...header, colorTransform };
}

/** The SIZ segment (A.5.1). Both decoders give an image that starts at the origin and has whole components. */
function imageSize(view: DataView, at: number): ImageSize {
  const word = (offset: number): number => view.getUint32(at + offset);
  const columns = word(6);
  const rows = word(10);
  if (word(14) !== 0 || word(18) !== 0) throw frameFailed('JPEG 2000 with an image offset');
  if (word(22) === 0 || word(26) === 0) throw frameFailed('JPEG 2000 with tiles of no size');
  const components = view.getUint16(at + 38);
  if (components > MAX_COMPONENTS) throw frameFailed(`JPEG 2000 with ${components} components`);
  const places = Array.from({ length: components }, (_, index) => at + 40 + 3 * index);
  const [depth = 0] = places.map((place) => view.getUint8(place));
  if (places.some((place) => view.getUint8(place) !== depth)) {
    throw frameFailed('JPEG 2000 components of different depth');
  }
  if (places.some((place) => view.getUint16(place + 1) !== 0x0101)) {
    throw frameFailed('JPEG 2000 with subsampled components');
  }
  return {
    rows,
    columns,
    components,
    bits: (depth & 0x7f) + 1,
    signed: depth >= 0x80,
    tiles: Math.ceil(columns / word(22)) * Math.ceil(rows / word(26)),
  };
}
