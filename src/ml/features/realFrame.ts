import type { Frame } from '../../contract/frame.ts';
import type { ModalityTransform } from '../../contract/series.ts';
import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import { cellRange, reductionOf, sharedFloats } from './plane.ts';

/** Beyond this a value is as good as infinite: its square must still be a number. */
const LARGEST = 1e100;
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

  const valid = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  if (valid < MIN_VALID_SHARE * values.length) return null;
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

/** NaN where a pixel is padding or not a usable number. Colours have no modality transform. */
function modalityValues({ values, samples, modality, padding }: Frame): Float64Array {
  const toModality = samples === 1 ? transformOf(modality) : (stored: number) => stored;
  const from = padding?.from ?? Infinity;
  const to = padding?.to ?? -Infinity;
  const result = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const stored = values[i]!;
    const value = stored >= from && stored <= to ? NaN : toModality(stored);
    result[i] = Math.abs(value) < LARGEST ? value : NaN;
  }
  return result;
}

/** PS3.3 C.11.1; stored values beyond a lookup table take its first or last entry. */
function transformOf(modality: ModalityTransform): (stored: number) => number {
  if (modality.kind === 'linear') return (stored) => stored * modality.slope + modality.intercept;
  const { first, values } = modality;
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
  const means = new Float64Array(samples * rowRanges.length * columnRanges.length);
  let at = 0;
  for (let channel = 0; channel < samples; channel++) {
    for (const [y0, y1] of rowRanges) {
      for (const [x0, x1] of columnRanges) {
        let sum = 0;
        let count = 0;
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            const value = values[(y * columns + x) * samples + channel]!;
            if (Number.isNaN(value)) continue;
            sum += value;
            count++;
          }
        }
        means[at++] = count > 0 ? sum / count : NaN;
      }
    }
  }
  return means;
}
