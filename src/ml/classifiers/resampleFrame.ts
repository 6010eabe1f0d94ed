/** Luminance of red, green, blue (PS3.3 C.7.6.3.1.2, YBR_FULL). */
const LUMINANCE = [0.299, 0.587, 0.114] as const;

export interface FrameShape {
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
}

/** What one output row or column covers of the input: the first index, and the share of each from there on. */
interface Cover {
  readonly first: number;
  readonly shares: readonly number[];
}

/**
 * A frame brought to another size: every output pixel is the mean of what it covers, by area; colours become luminance.
 * Values that are not finite count for nothing; a pixel that covers no other is NaN. The aspect is not kept.
 * @param values rows × columns × samples, RGB interleaved
 * @returns toRows × toColumns
 */
export function resampleFrame(
  values: Float32Array,
  { rows, columns, samples }: FrameShape,
  [toRows, toColumns]: readonly [number, number],
): Float32Array {
  const grey = samples === 1 ? values : luminance(values);
  if (rows === toRows && columns === toColumns) return grey;
  const [down, across] = [covers(rows, toRows), covers(columns, toColumns)];
  const target = new Float32Array(toRows * toColumns);
  down.forEach((vertical, row) => {
    across.forEach((horizontal, column) => {
      target[row * toColumns + column] = areaMean(grey, columns, vertical, horizontal);
    });
  });
  return target;
}

function luminance(values: Float32Array): Float32Array {
  const grey = new Float32Array(values.length / 3);
  for (let i = 0; i < grey.length; i++)
    grey[i] =
      LUMINANCE[0] * values[3 * i]! + LUMINANCE[1] * values[3 * i + 1]! + LUMINANCE[2] * values[3 * i + 2]!;
  return grey;
}

function covers(from: number, to: number): Cover[] {
  return Array.from({ length: to }, (_, index) => {
    const [start, end] = [(index * from) / to, ((index + 1) * from) / to];
    const first = Math.floor(start);
    const last = Math.min(from, Math.ceil(end));
    const shares = Array.from({ length: last - first }, (_each, i) => {
      const at = first + i;
      return Math.min(end, at + 1) - Math.max(start, at);
    });
    return { first, shares };
  });
}

function areaMean(grey: Float32Array, columns: number, vertical: Cover, horizontal: Cover): number {
  let [sum, weight] = [0, 0];
  for (let y = 0; y < vertical.shares.length; y++) {
    const row = (vertical.first + y) * columns + horizontal.first;
    for (let x = 0; x < horizontal.shares.length; x++) {
      const value = grey[row + x]!;
      if (!Number.isFinite(value)) continue;
      const share = vertical.shares[y]! * horizontal.shares[x]!;
      sum += share * value;
      weight += share;
    }
  }
  return weight > 0 ? sum / weight : NaN;
}
