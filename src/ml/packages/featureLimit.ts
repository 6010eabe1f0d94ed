import type { FeatureLimit } from '../../contract/card.ts';
import { invertPositive } from './invertPositive.ts';

/** Share of the training series that lie within the limit (docs/das.md section 9). */
const PERCENTILE = 0.995;
/** Share of the mean variance added to each variance: features that never vary (log T) would have no inverse. */
const RIDGE = 1e-4;

/** Mahalanobis distance of pooled features from those of the training series. */
export function featureDistance({ mean, precision }: FeatureLimit, pooled: Float32Array): number {
  const offset = mean.map((value, i) => (pooled[i] ?? NaN) - value);
  let square = 0;
  for (let i = 0; i < offset.length; i++)
    for (let j = 0; j < offset.length; j++)
      square += offset[i]! * precision[i * offset.length + j]! * offset[j]!;
  return Math.sqrt(Math.max(0, square));
}

/** The limit that belongs to some training series, from the pooled features of each. */
export function fitFeatureLimit(rows: readonly Float32Array[]): FeatureLimit {
  const fit = fitDistance(rows, 0);
  return { ...fit, distance: percentile(rows.map((row) => featureDistance(fit, row))) };
}

/**
 * The same for few series: the covariance is drawn towards its diagonal, the more the fewer series there are for its
 * many entries, and each series is measured with the fit to all others, because it lies near any mean that it helped to
 * make.
 * @returns null for fewer than three series
 */
export function leaveOneOutLimit(rows: readonly Float32Array[]): FeatureLimit | null {
  if (rows.length < 3) return null;
  const fit = (some: readonly Float32Array[]): FeatureLimit =>
    fitDistance(some, (some[0]?.length ?? 0) / ((some[0]?.length ?? 0) + some.length));
  const distances = rows.map((row, left) => featureDistance(fit(rows.toSpliced(left, 1)), row));
  return { ...fit(rows), distance: percentile(distances) };
}

/** @param shrinkage share by which covariances between features are taken back */
function fitDistance(rows: readonly Float32Array[], shrinkage: number): FeatureLimit {
  const [first] = rows;
  if (first === undefined || rows.length < 2) throw new RangeError('a limit needs at least two series');
  const size = first.length;
  const mean = Array.from({ length: size }, (_, i) => average(rows.map((row) => row[i]!)));
  const covariance = new Float64Array(size * size);
  for (const row of rows)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        covariance[i * size + j]! +=
          ((i === j ? 1 : 1 - shrinkage) * (row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / (rows.length - 1);
  const ridge = RIDGE * average(Array.from({ length: size }, (_, i) => covariance[i * size + i]!));
  for (let i = 0; i < size; i++) covariance[i * size + i]! += ridge;
  return { mean, precision: [...invertPositive(covariance, size)], distance: 1 };
}

function percentile(distances: readonly number[]): number {
  return distances.toSorted((a, b) => a - b)[Math.ceil(PERCENTILE * distances.length) - 1]!;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
