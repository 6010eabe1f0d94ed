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
  const [first] = rows;
  if (first === undefined || rows.length < 2) throw new RangeError('a limit needs at least two series');
  const size = first.length;
  const mean = Array.from({ length: size }, (_, i) => average(rows.map((row) => row[i]!)));
  const covariance = new Float64Array(size * size);
  for (const row of rows)
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++)
        covariance[i * size + j]! += ((row[i]! - mean[i]!) * (row[j]! - mean[j]!)) / (rows.length - 1);
  const ridge = RIDGE * average(Array.from({ length: size }, (_, i) => covariance[i * size + i]!));
  for (let i = 0; i < size; i++) covariance[i * size + i]! += ridge;
  const precision = [...invertPositive(covariance, size)];
  const distances = rows
    .map((row) => featureDistance({ mean, precision, distance: 1 }, row))
    .sort((a, b) => a - b);
  return { mean, precision, distance: distances[Math.ceil(PERCENTILE * rows.length) - 1]! };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
