import type { FeatureKernel, Moments } from './featureKernel.ts';
import type { FramePlane } from './plane.ts';
import { referenceKernel } from './referenceKernel.ts';
import { varianceOf } from './spatialFeatures.ts';

/** How a frame differs from its neighbours: variances over all pixels and channels, in squared modality values. */
export interface TemporalFeatures {
  changePrev: number;
  changeNext: number;
  /** Null at an end of the series, which takes its neighbour's value. */
  curvature: number | null;
}

/**
 * @param previous nearest readable frame before, null for the first; a missing neighbour is replaced by the other
 * @param kernel null: plain TypeScript
 * All planes have the same size (a series has one matrix).
 */
export function temporalFeatures(
  previous: FramePlane | null,
  current: FramePlane,
  next: FramePlane | null,
  kernel: FeatureKernel | null,
): TemporalFeatures {
  const before = previous ?? next;
  const after = next ?? previous;
  if (before === null || after === null) return { changePrev: 0, changeNext: 0, curvature: 0 };
  const compute = kernel ?? referenceKernel;
  const { a, b, c, scale } = onOneScale(before, current, after);
  const variance = ({ sum, squares }: Moments): number => scale * scale * varianceOf(sum, squares, b.length);
  const sums = compute.compare(a, b, c);
  return {
    changePrev: variance(sums.previous),
    changeNext: variance(sums.next),
    curvature: after === before ? null : variance(sums.curvature),
  };
}

/** Slopes that differ from frame to frame are multiplied out; constants of a frame do not change a variance. */
function onOneScale(a: FramePlane, b: FramePlane, c: FramePlane) {
  if (a.scale === b.scale && b.scale === c.scale) {
    return { a: a.values, b: b.values, c: c.values, scale: b.scale };
  }
  const multiply = ({ values, scale }: FramePlane): Float32Array => values.map((value) => value * scale);
  return { a: multiply(a), b: multiply(b), c: multiply(c), scale: 1 };
}
