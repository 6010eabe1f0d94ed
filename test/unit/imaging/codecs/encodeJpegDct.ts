/** Sequential JPEG of 8 or 12 bits (ITU-T T.81 Annex F), written out plainly for the tests: no table, no shortcut. */
import { ZIGZAG } from '../../../../src/imaging/codecs/quantizationTable.ts';
import type { ImageToEncode } from './encoders.ts';

export interface DctOptions {
  /** Sampling factors of the first component, the others have 1 × 1. Default 1 × 1. */
  sampling?: readonly [horizontal: number, vertical: number];
  /** MCUs between restart markers; 0 (default): none. */
  restartInterval?: number;
  /** Default 1 for every coefficient: the rounding of coefficients is all that is lost. */
  step?: number;
}

interface Plane {
  horizontal: number;
  vertical: number;
  /** Sample of the component at its own size; beyond the edge the last one is repeated. */
  at: (x: number, y: number) => number;
}

const word = (value: number): number[] => [value >> 8, value & 255];
const segment = (marker: number, data: readonly number[]): number[] => [
  ...[0xff, marker],
  ...word(data.length + 2),
  ...data,
];

/** Components are R, G and B, which needs no transform, or grey. Samples in the type of `bits`, by pixel. */
export function encodeJpegDct(image: ImageToEncode, options: DctOptions = {}): Uint8Array {
  const { rows, columns, bits, components = 1 } = image;
  const [horizontal, vertical] = options.sampling ?? [1, 1];
  const step = options.step ?? 1;
  const ids = components === 3 ? [0x52, 0x47, 0x42] : [1];
  const factors = ids.map((_, index) => (index === 0 ? horizontal * 16 + vertical : 0x11));
  // Every symbol is its own code of 16 bits.
  const symbols = [...new Array<number>(15).fill(0), 255, ...Array.from({ length: 255 }, (_, i) => i)];
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, [0, ...new Array<number>(64).fill(step)]),
    ...segment(0xc1, [
      ...[bits, ...word(rows), ...word(columns), components],
      ...ids.flatMap((id, index) => [id, factors[index] ?? 0x11, 0]),
    ]),
    ...segment(0xc4, [0x00, ...symbols]),
    ...segment(0xc4, [0x10, ...symbols]),
    ...segment(0xdd, word(options.restartInterval ?? 0)),
    ...segment(0xda, [components, ...ids.flatMap((id) => [id, 0]), 0, 63, 0]),
    ...entropyCoded(image, planesOf(image, horizontal, vertical), options.restartInterval ?? 0, step),
    ...[0xff, 0xd9],
  ]);
}

function planesOf(image: ImageToEncode, horizontal: number, vertical: number): Plane[] {
  const { rows, columns, components = 1 } = image;
  const samples = image.samples instanceof Uint16Array ? image.samples : new Uint8Array(image.samples.buffer);
  const sample = (channel: number, x: number, y: number): number =>
    samples[(Math.min(y, rows - 1) * columns + Math.min(x, columns - 1)) * components + channel] ?? 0;
  return Array.from({ length: components }, (_, channel) => {
    if (channel === 0) return { horizontal, vertical, at: (x, y) => sample(0, x, y) };
    const mean = (x: number, y: number): number => {
      let sum = 0;
      for (let v = 0; v < vertical; v++)
        for (let h = 0; h < horizontal; h++) sum += sample(channel, x * horizontal + h, y * vertical + v);
      return sum / (horizontal * vertical);
    };
    return { horizontal: 1, vertical: 1, at: mean };
  });
}

function entropyCoded(
  image: ImageToEncode,
  planes: Plane[],
  restartInterval: number,
  step: number,
): number[] {
  const [first] = planes;
  const across = Math.ceil(image.columns / (8 * (first?.horizontal ?? 1)));
  const down = Math.ceil(image.rows / (8 * (first?.vertical ?? 1)));
  const out: number[] = [];
  let pending = '';
  let predicted = planes.map(() => 0);
  const flush = (): void => {
    pending = pending.padEnd(Math.ceil(pending.length / 8) * 8, '1');
    for (let i = 0; i < pending.length; i += 8) {
      const byte = Number.parseInt(pending.slice(i, i + 8), 2);
      out.push(byte, ...(byte === 0xff ? [0] : []));
    }
    pending = '';
  };
  for (let mcu = 0; mcu < across * down; mcu++) {
    if (restartInterval > 0 && mcu > 0 && mcu % restartInterval === 0) {
      flush();
      out.push(0xff, 0xd0 + ((mcu / restartInterval - 1) & 7));
      predicted = planes.map(() => 0);
    }
    planes.forEach((plane, channel) => {
      for (let i = 0; i < plane.horizontal * plane.vertical; i++) {
        const x = (mcu % across) * plane.horizontal + (i % plane.horizontal);
        const y = Math.floor(mcu / across) * plane.vertical + Math.floor(i / plane.horizontal);
        const block = transformed(plane, x * 8, y * 8, 2 ** (image.bits - 1)).map((c) =>
          Math.round(c / step),
        );
        pending += blockBits(block, predicted[channel] ?? 0);
        predicted[channel] = block[0] ?? 0;
      }
    });
  }
  flush();
  return out;
}

/** The forward transform by its definition (A.3.3), coefficients in the order of coding. */
function transformed(plane: Plane, left: number, top: number, center: number): number[] {
  const norm = (k: number): number => (k === 0 ? Math.SQRT1_2 : 1) / 2;
  const wave = (k: number, i: number): number => norm(k) * Math.cos(((2 * i + 1) * k * Math.PI) / 16);
  return Array.from(ZIGZAG, (place) => {
    let sum = 0;
    for (let y = 0; y < 8; y++)
      for (let x = 0; x < 8; x++)
        sum += (plane.at(left + x, top + y) - center) * wave(place % 8, x) * wave(Math.floor(place / 8), y);
    return sum;
  });
}

function blockBits(block: readonly number[], predicted: number): string {
  let bits = valueBits((block[0] ?? 0) - predicted, 0);
  let zeros = 0;
  const last = block.findLastIndex((value) => value !== 0);
  for (let k = 1; k <= last; k++) {
    const value = block[k] ?? 0;
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) bits += code(0xf0);
    bits += valueBits(value, zeros);
    zeros = 0;
  }
  return last < 63 ? bits + code(0) : bits;
}

const code = (symbol: number): string => symbol.toString(2).padStart(16, '0');

function valueBits(value: number, zeros: number): string {
  if (value === 0) return code(0);
  const size = Math.abs(value).toString(2).length;
  const extra = value > 0 ? value : value + 2 ** size - 1;
  return code(zeros * 16 + size) + extra.toString(2).padStart(size, '0');
}
