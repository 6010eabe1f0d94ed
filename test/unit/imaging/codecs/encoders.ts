/** Encoders of the tests: the codec packages' own, and PackBits. */
import charls from '@cornerstonejs/codec-charls/wasmjs';
import turbo from '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs';
import openJpeg from '@cornerstonejs/codec-openjpeg/wasmjs';
import openJph from '@cornerstonejs/codec-openjph/wasmjs';
import type { CodecModule, Encoder, FrameInfo } from '@cornerstonejs/codec-charls/wasmjs';

const silent = { print: (): void => undefined, printErr: (): void => undefined };

export interface ImageToEncode {
  rows: number;
  columns: number;
  bits: number;
  components?: number;
  signed?: boolean;
  /** Default: for colour, yes. */
  colorTransform?: boolean;
  samples: ArrayBufferView;
}

type Setup = (encoder: Encoder) => void;

function encodeWith(Class: (new () => Encoder) | undefined, image: ImageToEncode, setup: Setup): Uint8Array {
  if (Class === undefined) throw new Error('the build has no encoder');
  const encoder = new Class();
  const info: FrameInfo = {
    width: image.columns,
    height: image.rows,
    bitsPerSample: image.bits,
    componentCount: image.components ?? 1,
    isSigned: image.signed ?? false,
    isUsingColorTransform: image.colorTransform ?? image.components === 3,
  };
  const { buffer, byteOffset, byteLength } = image.samples;
  encoder.getDecodedBuffer(info).set(new Uint8Array(buffer, byteOffset, byteLength));
  setup(encoder);
  encoder.encode();
  const bytes = Uint8Array.from(encoder.getEncodedBuffer());
  encoder.delete();
  return bytes;
}

const start = (factory: (options: typeof silent) => Promise<CodecModule>): Promise<CodecModule> =>
  factory({ ...silent });

export async function encodeJpegLs(image: ImageToEncode, near = 0, interleaveMode = 0): Promise<Uint8Array> {
  return encodeWith((await start(charls)).JpegLSEncoder, image, (encoder) => {
    encoder.setNearLossless?.(near);
    encoder.setInterleaveMode?.(interleaveMode);
  });
}

export async function encodeJpeg2000(image: ImageToEncode): Promise<Uint8Array> {
  return encodeWith((await start(openJpeg)).J2KEncoder, image, (encoder) => encoder.setQuality?.(true, 0));
}

export async function encodeHtj2k(image: ImageToEncode): Promise<Uint8Array> {
  return encodeWith((await start(openJph)).HTJ2KEncoder, image, (encoder) => encoder.setQuality?.(true, 0));
}

/** TJSAMP_444, _422 and _420. */
export const CHROMA = { full: 0, halfWidth: 1, quarter: 2 };

export async function encodeJpeg(
  image: ImageToEncode,
  quality = 100,
  { progressive = false, subSampling = CHROMA.full }: { progressive?: boolean; subSampling?: number } = {},
): Promise<Uint8Array> {
  return encodeWith((await start(turbo)).JPEGEncoder, image, (encoder) => {
    encoder.setProgressive?.(progressive);
    encoder.setSubSampling?.(subSampling);
    encoder.setQuality?.(quality);
  });
}

/** RLE Lossless (PS3.5 G.4): segments of literal runs and repeats over the given planes of bytes. */
export function encodeRle(planes: readonly Uint8Array[]): Uint8Array {
  const segments = planes.map(packBits);
  const header = new DataView(new ArrayBuffer(64));
  header.setUint32(0, segments.length, true);
  let offset = 64;
  segments.forEach((segment, index) => {
    header.setUint32(4 + 4 * index, offset, true);
    offset += segment.length;
  });
  return Buffer.concat([new Uint8Array(header.buffer), ...segments]);
}

function packBits(plane: Uint8Array): Uint8Array {
  const out: number[] = [];
  for (let at = 0; at < plane.length;) {
    let run = 1;
    while (run < 128 && plane[at + run] === plane[at]) run++;
    if (run > 1) out.push(257 - run, plane[at] ?? 0);
    else out.push(0, plane[at] ?? 0);
    at += run;
  }
  if (out.length % 2 === 1) out.push(128);
  return Uint8Array.from(out);
}

const SIZE_BITS = 5;

/**
 * Lossless JPEG (SOF3, ITU-T T.81 Annex H) with one Huffman table of 17 codes of five bits.
 * @param restartRows rows between restart markers; 0: none
 */
export function encodeJpegLossless(image: ImageToEncode, predictor: number, restartRows = 0): Uint8Array {
  const components = image.components ?? 1;
  const ids = Array.from({ length: components }, (_, index) => index + 1);
  const segment = (marker: number, data: readonly number[]): number[] => [
    ...[0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255],
    ...data,
  ];
  const { rows, columns, bits } = image;
  const size = [bits, rows >> 8, rows & 255, columns >> 8, columns & 255, components];
  const counts = Array.from({ length: 16 }, (_, index) => (index === SIZE_BITS - 1 ? 17 : 0));
  const interval = restartRows * columns;
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xc3, [...size, ...ids.flatMap((id) => [id, 0x11, 0])]),
    ...segment(0xc4, [0, ...counts, ...Array.from({ length: 17 }, (_, category) => category)]),
    ...segment(0xdd, [interval >> 8, interval & 255]),
    ...segment(0xda, [components, ...ids.flatMap((id) => [id, 0]), predictor, 0, 0]),
    ...losslessData(image, components, predictor, restartRows),
    ...[0xff, 0xd9],
  ]);
}

function losslessData(
  image: ImageToEncode,
  components: number,
  predictor: number,
  restartRows: number,
): number[] {
  const { rows, columns, bits } = image;
  const samples = image.samples instanceof Uint16Array ? image.samples : new Uint8Array(image.samples.buffer);
  const out: number[] = [];
  let pending = '';
  const flush = (): void => {
    pending = pending.padEnd(Math.ceil(pending.length / 8) * 8, '1');
    for (let i = 0; i < pending.length; i += 8) {
      const byte = Number.parseInt(pending.slice(i, i + 8), 2);
      out.push(byte, ...(byte === 0xff ? [0] : []));
    }
    pending = '';
  };
  for (let y = 0; y < rows; y++) {
    const restarted = restartRows > 0 && y % restartRows === 0;
    if (restarted && y > 0) {
      flush();
      out.push(0xff, 0xd0 + ((y / restartRows - 1) & 7));
    }
    for (let i = 0; i < columns * components; i++) {
      const at = y * columns * components + i;
      const a = samples[at - components] ?? 0;
      const b = samples[at - columns * components] ?? 0;
      const c = samples[at - columns * components - components] ?? 0;
      const table = [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1];
      const first = y === 0 || restarted;
      const left = i < components;
      const predicted = first && left ? 2 ** (bits - 1) : first ? a : left ? b : (table[predictor] ?? 0);
      pending += differenceBits((samples[at] ?? 0) - predicted);
    }
  }
  flush();
  return out;
}

/** Differences are modulo 2^16 (T.81 H.1.2.1). */
function differenceBits(value: number): string {
  const difference = ((value + 32768) & 0xffff) - 32768;
  const category =
    difference === -32768 ? 16 : Math.abs(difference).toString(2).length * Number(difference !== 0);
  const code = category.toString(2).padStart(SIZE_BITS, '0');
  if (category === 0 || category === 16) return code;
  const extra = difference > 0 ? difference : difference + 2 ** category - 1;
  return code + extra.toString(2).padStart(category, '0');
}
