/** The size marker of a JPEG 2000 code stream (ISO/IEC 15444-1 Annex A), bare or in JP2 boxes (Annex I). */
import { KeysliceError } from '../../contract/errors.ts';
import type { PixelFormat } from '../../contract/series.ts';
import { checkStreamSize, frameFailed } from './codec.ts';

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
const EOC = 0xffd9;
const JP2_SIGNATURE = 0x6a502020;
const CODE_STREAM_BOX = 0x6a703263;

/** @throws KeysliceError FRAME_FAILED for damaged, truncated or unusual streams, HEADER_INCONSISTENT */
export function readJpeg2000Header(bytes: Uint8Array, format: PixelFormat): Jpeg2000Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const header = mainHeader(view, codeStreamOffset(view));
    checkStreamSize(header, format);
    return header;
  } catch (thrown) {
    if (thrown instanceof RangeError) throw frameFailed('the JPEG 2000 stream ends too early', thrown);
    throw thrown;
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

function mainHeader(view: DataView, start: number): Jpeg2000Header {
  let size: Omit<Jpeg2000Header, 'colorTransform'> | null = null;
  let colorTransform = false;
  let at = start + 2;
  for (let marker = view.getUint16(at); marker !== SOT; marker = view.getUint16(at)) {
    if (marker < 0xff00) throw frameFailed('the JPEG 2000 header is damaged');
    if (marker === SIZ) size = sizeOf(view, at);
    if (marker === COD) colorTransform = view.getUint8(at + 8) === 1;
    at += 2 + view.getUint16(at + 2);
  }
  if (size === null) throw frameFailed('the JPEG 2000 stream does not say its size');
  checkTileParts(view, at);
  return { ...size, colorTransform };
}

function sizeOf(view: DataView, at: number): Omit<Jpeg2000Header, 'colorTransform'> {
  const [right, bottom, left, top] = [6, 10, 14, 18].map((offset) => view.getUint32(at + offset));
  if (left !== 0 || top !== 0) throw frameFailed('JPEG 2000 with an image offset');
  const components = view.getUint16(at + 38);
  const depths = Array.from({ length: components }, (_, index) => view.getUint8(at + 40 + 3 * index));
  const [depth = 0] = depths;
  if (depths.some((other) => other !== depth)) throw frameFailed('JPEG 2000 components of different depth');
  return {
    rows: bottom ?? 0,
    columns: right ?? 0,
    components,
    bits: (depth & 0x7f) + 1,
    signed: depth >= 0x80,
  };
}

/** Both decoders fill what is missing with nothing and do not say so: every tile-part must be there (A.4.2). */
function checkTileParts(view: DataView, start: number): void {
  for (let at = start; at + 2 <= view.byteLength && view.getUint16(at) === SOT;) {
    const length = view.getUint32(at + 6);
    if (length === 0) {
      checkEnd(view);
      return;
    }
    if (length < 14 || at + length > view.byteLength)
      throw frameFailed('the JPEG 2000 stream ends too early');
    at += length;
  }
}

/** A last tile-part of open length goes on to the end-of-code-stream marker; one byte may pad it. */
function checkEnd(view: DataView): void {
  const end = view.byteLength;
  if (view.getUint16(end - 2) !== EOC && view.getUint16(end - 3) !== EOC) {
    throw new KeysliceError('FRAME_FAILED', { reason: 'the JPEG 2000 stream ends too early' });
  }
}
