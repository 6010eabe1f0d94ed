/** From coefficients to samples: one component, and all of them at the size of the image. */
import type { DctComponent, DctFrame } from './dctFrame.ts';
import { inverseDct } from './inverseDct.ts';

/** The component at its own size, by rows. `max` is the largest sample. */
export function dctPlane(
  component: DctComponent,
  steps: Uint16Array,
  bits: number,
  max: number,
): Uint16Array {
  const { rows, columns, blockRows, blockColumns, stride, coefficients } = component;
  const plane = new Uint16Array(rows * columns);
  const block = new Float64Array(64);
  const center = 2 ** (bits - 1);
  for (let blockRow = 0; blockRow < blockRows; blockRow++) {
    const height = Math.min(8, rows - blockRow * 8);
    for (let blockColumn = 0; blockColumn < blockColumns; blockColumn++) {
      const first = (blockRow * stride + blockColumn) * 64;
      for (let i = 0; i < 64; i++) block[i] = coefficients[first + i]! * steps[i]!;
      inverseDct(block, bits);
      const width = Math.min(8, columns - blockColumn * 8);
      for (let y = 0; y < height; y++) {
        const to = (blockRow * 8 + y) * columns + blockColumn * 8;
        for (let x = 0; x < width; x++) {
          const value = block[y * 8 + x]! + center;
          plane[to + x] = value < 0 ? 0 : value > max ? max : value;
        }
      }
    }
  }
  return plane;
}

/** For each place along a line of `length`: two samples of the smaller line, and the share of the second. */
interface Blend {
  first: Int32Array;
  second: Int32Array;
  share: Float64Array;
}

/**
 * Chroma lies between the luma samples that share it (T.81 A.1.1 figure A.1 leaves it open; JFIF 1.02 centres it, as
 * libjpeg does): halved components are interpolated, others repeated.
 */
function blend(length: number, stored: number, factor: number, largest: number): Blend {
  const first = new Int32Array(length);
  const second = new Int32Array(length);
  const share = new Float64Array(length);
  const halved = factor * 2 === largest;
  for (let i = 0; i < length; i++) {
    const place = halved ? Math.max(0, (i - 0.5) / 2) : Math.floor((i * factor) / largest);
    first[i] = Math.floor(place);
    second[i] = Math.min(first[i]! + 1, stored - 1);
    share[i] = place - first[i]!;
  }
  return { first, second, share };
}

/** Three planes of a frame as colour by pixel, at the size of the image. */
export function interleavePlanes(frame: DctFrame, planes: readonly Uint16Array[]): Uint16Array {
  const { rows, columns, components } = frame;
  const result = new Uint16Array(rows * columns * components.length);
  components.forEach((component, channel) => {
    const plane = planes[channel]!;
    const across = blend(columns, component.columns, component.horizontal, frame.horizontal);
    const down = blend(rows, component.rows, component.vertical, frame.vertical);
    const line = new Float64Array(component.columns);
    for (let y = 0; y < rows; y++) {
      blendRows(line, plane, down, y);
      for (let x = 0; x < columns; x++) {
        const from = line[across.first[x]!]!;
        const value = from + (line[across.second[x]!]! - from) * across.share[x]!;
        result[(y * columns + x) * components.length + channel] = Math.round(value);
      }
    }
  });
  return result;
}

function blendRows(line: Float64Array, plane: Uint16Array, { first, second, share }: Blend, y: number): void {
  const upper = first[y]! * line.length;
  const lower = second[y]! * line.length;
  for (let x = 0; x < line.length; x++) {
    line[x] = plane[upper + x]! + (plane[lower + x]! - plane[upper + x]!) * share[y]!;
  }
}
