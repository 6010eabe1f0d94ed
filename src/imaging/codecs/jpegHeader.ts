/** The markers of a JPEG or JPEG-LS stream up to the first scan (ITU-T T.81 Annex B, T.87 Annex C). */
import { KeysliceError } from '../../contract/errors.ts';
import { frameFailed } from './codec.ts';

export interface JpegComponent {
  id: number;
  /** Sampling factors (T.81 A.1.1). */
  horizontal: number;
  vertical: number;
  /** Destination of its quantisation table; of no meaning without the cosine transform. */
  quantization: number;
}

export interface JpegHeader {
  /** Second byte of the start-of-frame marker: C0 baseline, C1 extended, C2 progressive, C3 lossless, F7 JPEG-LS. */
  frameType: number;
  bits: number;
  rows: number;
  columns: number;
  components: readonly JpegComponent[];
  jfif: boolean;
  /** Colour transform of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; null without a whole marker. */
  adobeTransform: number | null;
}

export const SOF = {
  baseline: 0xc0,
  extended: 0xc1,
  progressive: 0xc2,
  lossless: 0xc3,
  jpegLs: 0xf7,
} as const;

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP14 = 0xee;
const JFIF = [0x4a, 0x46, 0x49, 0x46, 0];
const ADOBE = [0x41, 0x64, 0x6f, 0x62, 0x65];

export interface JpegSegment {
  marker: number;
  /** What follows the length. */
  data: Uint8Array;
  /** Where the next segment (or entropy-coded data) starts in the stream. */
  end: number;
}

/**
 * Segments from `offset` on, up to and with the next scan header, or to the end of the image or of the bytes.
 * @throws KeysliceError FRAME_FAILED
 */
export function* jpegSegments(bytes: Uint8Array, offset = 2): Generator<JpegSegment> {
  let at = offset;
  while (at < bytes.length) {
    if (bytes[at] !== 0xff) throw frameFailed('the JPEG stream is damaged: a marker is missing');
    while (bytes[at] === 0xff) at++;
    const marker = bytes[at];
    if (marker === undefined || marker === EOI) return;
    const high = bytes[at + 1];
    const low = bytes[at + 2];
    const end = at + 1 + ((high ?? 0) << 8) + (low ?? 0);
    if (high === undefined || low === undefined || end > bytes.length || end < at + 3) {
      throw frameFailed('the JPEG stream is damaged: a segment is cut off');
    }
    yield { marker, data: bytes.subarray(at + 3, end), end };
    if (marker === SOS) return;
    at = end;
  }
}

/** @throws KeysliceError FRAME_FAILED when this is no JPEG stream or has no frame header */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw frameFailed('this is not a JPEG stream');
  let jfif = false;
  let adobeTransform: number | null = null;
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker === APP0) jfif ||= startsWith(data, JFIF);
    if (marker === APP14 && startsWith(data, ADOBE)) adobeTransform = data[11] ?? null;
    if (isFrameMarker(marker)) return { ...frameHeader(marker, data), jfif, adobeTransform };
  }
  throw frameFailed('the JPEG stream has no frame header');
}

const startsWith = (data: Uint8Array, text: readonly number[]): boolean =>
  text.every((byte, index) => data[index] === byte);

/** SOF0 to SOF15 without DHT (C4), JPG (C8), DAC (CC); SOF55 of JPEG-LS. */
const isFrameMarker = (marker: number): boolean =>
  marker === SOF.jpegLs || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));

function frameHeader(frameType: number, data: Uint8Array): Omit<JpegHeader, 'jfif' | 'adobeTransform'> {
  const count = data[5] ?? 0;
  if (count === 0 || data.length < 6 + 3 * count) throw frameFailed('the JPEG frame header is cut off');
  const components = Array.from({ length: count }, (_, index) => {
    const sampling = data[7 + 3 * index] ?? 0;
    return {
      id: data[6 + 3 * index] ?? 0,
      horizontal: sampling >> 4,
      vertical: sampling & 15,
      quantization: data[8 + 3 * index] ?? 0,
    };
  });
  const word = (at: number): number => ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
  return { frameType, bits: data[0] ?? 0, rows: word(1), columns: word(3), components };
}

/**
 * Refuses a stream without an end marker after its image data: it was cut off, and the packaged decoders, which
 * refuse it as well, do not say why. @throws KeysliceError FRAME_FAILED
 */
export function checkJpegEnd(bytes: Uint8Array): void {
  const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(Uint8Array.of(0xff, EOI));
  let image = 0;
  for (const segment of jpegSegments(bytes)) image = segment.end;
  if (end >= image && image > 0) return;
  throw frameFailed(`the JPEG stream ends too early: after ${bytes.length} bytes, without its end marker`);
}

/** Progressive streams of real encoders have ten scans or so; each goes over the whole image. */
const MAX_SCANS = 200;

/** Refuses a stream that takes long by its number of scans alone. @throws KeysliceError LIMIT_EXCEEDED */
export function checkScanCount(bytes: Uint8Array): void {
  const stream = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const marker = Uint8Array.of(0xff, SOS);
  let scans = 0;
  for (let at = stream.indexOf(marker); at >= 0; at = stream.indexOf(marker, at + 2)) scans++;
  if (scans <= MAX_SCANS) return;
  throw new KeysliceError('LIMIT_EXCEEDED', {
    what: 'The number of scans in a JPEG stream',
    actual: scans,
    limit: MAX_SCANS,
  });
}
