import { FEATURE_COUNT, FEATURE_NAMES, type FrameFeatures } from '../../contract/sampling.ts';
import type { SpatialFeatures } from './spatialFeatures.ts';
import type { TemporalFeatures } from './temporalFeatures.ts';

/** All that is measured of one readable frame. */
export interface MeasuredFrame {
  frame: number;
  spatial: Omit<SpatialFeatures, 'plane'>;
  temporal: TemporalFeatures;
}

const EPSILON = 1e-6;

/**
 * F° and F of the readable frames, in closed form from what was measured (docs/das.md section 2): variances and edge
 * means relative to the variance of the whole series, then z-scored over the frames.
 * @param measured ascending by frame number
 */
export function normalizeFeatures(measured: readonly MeasuredFrame[]): FrameFeatures {
  const scaleFree = scaleFreeFeatures(measured);
  const thumbnailLength = measured[0]?.spatial.thumbnail.length ?? 0;
  const thumbnails = new Float32Array(measured.length * thumbnailLength);
  measured.forEach(({ spatial }, row) => {
    thumbnails.set(spatial.thumbnail, row * thumbnailLength);
  });
  return {
    frames: Int32Array.from(measured, ({ frame }) => frame),
    scaleFree,
    normalized: standardizeColumns(scaleFree, FEATURE_COUNT),
    thumbnails,
  };
}

function scaleFreeFeatures(measured: readonly MeasuredFrame[]): Float32Array {
  const mean = average(measured.map(({ spatial }) => spatial.mean));
  const variance = average(measured.map(({ spatial }) => spatial.variance + (spatial.mean - mean) ** 2));
  const deviation = Math.sqrt(variance);
  const over = (value: number, unit: number): number => (unit > 0 ? value / unit : 0);
  const scaleFree = new Float32Array(measured.length * FEATURE_COUNT);
  measured.forEach(({ spatial, temporal }, row) => {
    const columns: Record<(typeof FEATURE_NAMES)[number], number> = {
      mean: over(spatial.mean - mean, deviation),
      variance: Math.log1p(over(spatial.variance, variance)),
      change_prev: Math.log1p(over(temporal.changePrev, variance)),
      change_next: Math.log1p(over(temporal.changeNext, variance)),
      curvature: Math.log1p(over(curvatureAt(measured, row), variance)),
      sobel_mean: Math.log1p(over(spatial.sobelMean, deviation)),
      sobel_var: Math.log1p(over(spatial.sobelVariance, variance)),
      laplacian_mean: Math.log1p(over(spatial.laplacianMean, deviation)),
      laplacian_var: Math.log1p(over(spatial.laplacianVariance, variance)),
    };
    scaleFree.set(
      FEATURE_NAMES.map((name) => columns[name]),
      row * FEATURE_COUNT,
    );
  });
  return scaleFree;
}

/** An end of the series has no curvature of its own and takes its neighbour's; two frames have none at all. */
function curvatureAt(measured: readonly MeasuredFrame[], row: number): number {
  const near = [measured[row], measured[row + 1], measured[row - 1]];
  return near.map((frame) => frame?.temporal.curvature ?? null).find((value) => value !== null) ?? 0;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Each column to mean 0 and deviation 1; a constant column to 0. */
function standardizeColumns(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  const result = new Float32Array(values.length);
  for (let column = 0; column < columns; column++) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += values[row * columns + column]!;
    const mean = sum / rows;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += (values[row * columns + column]! - mean) ** 2;
    const deviation = Math.sqrt(squares / rows);
    for (let row = 0; row < rows; row++) {
      result[row * columns + column] = (values[row * columns + column]! - mean) / (deviation + EPSILON);
    }
  }
  return result;
}
