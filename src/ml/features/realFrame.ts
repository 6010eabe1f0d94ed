import type { Frame } from '../../contract/frame.ts';
import type { ModalityTransform } from '../../contract/series.ts';
import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import { cellRange, reductionOf, sharedFloats } from './plane.ts';

/**
 * From here on a value is as good as infinite: thumbnails are of single precision, and what lies at its end (−3.4e38)
 * stands for "no value" in maps of floats.
 */
export const LARGEST = 1e30;
/** Below this share of valid pixels a frame counts as failed (docs/das.md section 2). */
const MIN_VALID_SHARE = 0.01;

/** A frame reduced in modality values, with the pixels left out that are padding, NaN or infinite. */
export interface RealFrame {
  /** samples × reduced rows × reduced columns: (block mean − centre) / scale; 0 where no pixel of a block is valid. */
  plane: Float32Array<SharedArrayBuffer>;
  scale: number;
  /** Mean of the valid blocks, modality value. */
  centre: number;
  /** Values of `plane` that stand on at least one valid pixel. */
  validValues: number;
  /** samples × 32 × 32 modality values. */
  thumbnails: Float64Array;
}

/** @returns null when fewer than 1 % of the pixels are valid */
export function reduceRealFrame(frame: Frame): RealFrame | null {
  const { rows, columns, samples } = frame;
  const values = modalityValues(frame);
  const { factor } = reductionOf(rows, columns);
  const starts = (length: number): [number, number][] =>
    Array.from({ length: Math.ceil(length / factor) }, (_, i) => [
      i * factor,
      Math.min((i + 1) * factor, length),
    ]);
  const cells = (length: number): (readonly [number, number])[] =>
    Array.from({ length: THUMBNAIL_SIZE }, (_, i) => cellRange(i, length));

  if (countValid(values) < MIN_VALID_SHARE * values.length) return null;
  const blocks = blockMeans(values, frame, starts(rows), starts(columns));
  const thumbnails = blockMeans(values, frame, cells(rows), cells(columns));

  let sum = 0;
  let validValues = 0;
  let smallest = Infinity;
  let largest = -Infinity;
  for (const mean of blocks) {
    if (Number.isNaN(mean)) continue;
    sum += mean;
    validValues++;
    smallest = Math.min(smallest, mean);
    largest = Math.max(largest, mean);
  }
  const centre = sum / validValues;
  const scale = planeScale(Math.max(largest - centre, centre - smallest));
  const plane = sharedFloats(samples * starts(rows).length * starts(columns).length);
  blocks.forEach((mean, i) => {
    plane[i] = Number.isNaN(mean) ? 0 : (mean - centre) / scale;
  });
  return {
    plane,
    scale,
    centre,
    validValues,
    thumbnails: thumbnails.map((v) => (Number.isNaN(v) ? centre : v)),
  };
}

/**
 * A power of two that keeps the squares of the plane inside single precision. Steps of 2⁴⁰, so that the frames of
 * a series nearly always share one scale: 1 unless the deviations leave 2⁻²⁰…2²⁰.
 */
function planeScale(deviation: number): number {
  return deviation > 0 ? 2 ** (40 * Math.round(Math.log2(deviation) / 40)) : 1;
}

function countValid(values: Float64Array): number {
  let valid = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) valid++;
  return valid;
}

/** NaN where a pixel is padding or not a usable number. Colours have no modality transform. */
function modalityValues(frame: Frame): Float64Array {
  const { values, samples, modality, padding } = frame;
  const from = padding?.from ?? Infinity;
  const to = padding?.to ?? -Infinity;
  const result = new Float64Array(values.length);
  if (samples === 1 && modality.kind === 'lut') {
    const toModality = tableOf(modality);
    for (let i = 0; i < values.length; i++) result[i] = toModality(values[i]!);
  } else {
    const { slope, intercept } = samples === 1 && modality.kind === 'linear' ? modality : IDENTITY;
    for (let i = 0; i < values.length; i++) result[i] = values[i]! * slope + intercept;
  }
  for (let i = 0; i < values.length; i++) {
    const stored = values[i]!;
    if ((stored >= from && stored <= to) || !(Math.abs(result[i]!) < LARGEST)) result[i] = NaN;
  }
  return result;
}

const IDENTITY = { slope: 1, intercept: 0 };

/** PS3.3 C.11.1; stored values beyond a lookup table take its first or last entry. */
function tableOf({ first, values }: Extract<ModalityTransform, { kind: 'lut' }>): (stored: number) => number {
  const last = values.length - 1;
  return (stored) => values[Math.min(Math.max(Math.round(stored) - first, 0), last)] ?? NaN;
}

/** Channel by channel, row by row of blocks: mean of the block's valid pixels, NaN where there is none. */
function blockMeans(
  values: Float64Array,
  { columns, samples }: Frame,
  rowRanges: readonly (readonly [number, number])[],
  columnRanges: readonly (readonly [number, number])[],
): Float64Array {
  const width = columnRanges.length;
  const means = new Float64Array(samples * rowRanges.length * width);
  const lefts = Int32Array.from(columnRanges, ([x0]) => x0);
  const rights = Int32Array.from(columnRanges, ([, x1]) => x1);
  const counts = new Int32Array(width);
  let at = 0;
  for (let channel = 0; channel < samples; channel++) {
    for (const [y0, y1] of rowRanges) {
      // Along the rows, as the pixels lie in memory; each block still adds them in the same order.
      const sums = means.subarray(at, at + width);
      counts.fill(0);
      for (let y = y0; y < y1; y++) {
        const row = y * columns * samples + channel;
        for (let block = 0; block < width; block++) {
          for (let x = lefts[block]!; x < rights[block]!; x++) {
            const value = values[row + x * samples]!;
            if (Number.isNaN(value)) continue;
            sums[block]! += value;
            counts[block]!++;
          }
        }
      }
      // 0/0 where no pixel of a block is valid.
      for (let block = 0; block < width; block++) sums[block]! /= counts[block]!;
      at += width;
    }
  }
  return means;
}
