import { FEATURE_COUNT, FEATURE_NAMES, THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { PreparedSeries } from './prepareVolumes.ts';

/** Directions in which a volume may be mirrored. */
export const MIRROR_AXES = ['rows', 'columns', 'frames'] as const;
export type MirrorAxis = (typeof MIRROR_AXES)[number];

/** Each axis by the toss of a coin. */
export function drawMirrors(allowed: readonly MirrorAxis[], random: () => number): MirrorAxis[] {
  return allowed.filter(() => random() < 0.5);
}

/**
 * A series as its mirror image would be measured. In plane the features stay as they are: variances and gradient
 * magnitudes do not know left from right. Along the frames their order turns, and "previous" and "next" change places.
 */
export function mirrorSeries(
  series: PreparedSeries,
  { frames, rows, columns }: { readonly frames: number; readonly rows: number; readonly columns: number },
  axes: readonly MirrorAxis[],
): PreparedSeries {
  const turned = axes.includes('frames') ? turnFrames(series, frames) : series;
  const { pixels, thumbnails } = turned;
  return {
    ...turned,
    pixels: flipped(pixels, rows, columns, axes),
    thumbnails: thumbnails === null ? null : flipped(thumbnails, THUMBNAIL_SIZE, THUMBNAIL_SIZE, axes),
  };
}

function flipped(
  frames: Float32Array,
  rows: number,
  columns: number,
  axes: readonly MirrorAxis[],
): Float32Array {
  const upside = axes.includes('rows') ? reverseRuns(frames, columns, rows) : frames;
  return axes.includes('columns') ? reverseRuns(upside, 1, columns) : upside;
}

function turnFrames(series: PreparedSeries, frames: number): PreparedSeries {
  const turn = (values: Float32Array): Float32Array => reverseRuns(values, values.length / frames, frames);
  const perFrame = turn(series.perFrame);
  const width = perFrame.length / frames;
  for (let t = 0; t < frames; t++) {
    const row = perFrame.subarray(t * width, (t + 1) * width);
    const [before, after] = [row.slice(FEATURE_COUNT, 2 * FEATURE_COUNT), row.slice(2 * FEATURE_COUNT)];
    row.set(after, FEATURE_COUNT);
    row.set(before, 2 * FEATURE_COUNT);
    exchangeChanges(row);
  }
  const pooled = series.pooled.slice();
  exchangeChanges(pooled);
  return {
    ...series,
    perFrame,
    pooled,
    thumbnails: series.thumbnails === null ? null : turn(series.thumbnails),
    anchor: turn(series.anchor),
    variance: turn(series.variance),
    seen: turn(series.seen),
    pixels: turn(series.pixels),
  };
}

/** In every group of nine features: the change to the frame before and to the one after. */
function exchangeChanges(values: Float32Array): void {
  const [previous, next] = [FEATURE_NAMES.indexOf('change_prev'), FEATURE_NAMES.indexOf('change_next')];
  for (let start = 0; start + FEATURE_COUNT <= values.length; start += FEATURE_COUNT) {
    const held = values[start + previous]!;
    values[start + previous] = values[start + next]!;
    values[start + next] = held;
  }
}

/** Reverses the order of every `count` runs of `length` numbers. */
function reverseRuns(values: Float32Array, length: number, count: number): Float32Array {
  const reversed = new Float32Array(values.length);
  const group = length * count;
  for (let start = 0; start < values.length; start += group)
    for (let i = 0; i < count; i++)
      reversed.set(
        values.subarray(start + i * length, start + (i + 1) * length),
        start + (count - 1 - i) * length,
      );
  return reversed;
}
