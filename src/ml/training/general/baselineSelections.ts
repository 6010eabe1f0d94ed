/** What the learned proposal is measured against (docs/das.md section 8); none of them learns. */
import { THUMBNAIL_SIZE, type FrameFeatures } from '../../../contract/sampling.ts';
import { curvatureAnchor } from '../../samplers/anchor.ts';
import { selectSystematic } from '../../samplers/selectSystematic.ts';

const PIXELS = THUMBNAIL_SIZE * THUMBNAIL_SIZE;

/** Knots of a piecewise linear curve, spread with density curvature^{2/5} (de Boor 1978). */
export function curvatureRule(features: FrameFeatures, k: number): Int32Array {
  return selectSystematic(Float64Array.from(curvatureAnchor(features), Math.exp), k).indices;
}

/**
 * Greedy k-centre on the thumbnails (Gonzalez 1985): from the first frame on, always the frame that is farthest from
 * all that are kept. Of frames equally far, the first.
 * @returns k frames, ascending
 */
export function farthestPoint({ thumbnails, frames }: FrameFeatures, k: number): Int32Array {
  const distances = new Float64Array(frames.length).fill(Infinity);
  const kept: number[] = [];
  for (let next = 0; kept.length < k; next = indexOfMaximum(distances)) {
    kept.push(next);
    for (let t = 0; t < distances.length; t++) {
      distances[t] = Math.min(distances[t]!, squaredDistance(thumbnails, t, next));
    }
    // A frame that looks like a kept one is still another frame.
    for (const frame of kept) distances[frame] = -1;
  }
  return Int32Array.from(kept).sort();
}

function indexOfMaximum(values: Float64Array): number {
  return values.reduce((best, value, index) => (value > values[best]! ? index : best), 0);
}

function squaredDistance(thumbnails: Float32Array, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < PIXELS; i++) sum += (thumbnails[a * PIXELS + i]! - thumbnails[b * PIXELS + i]!) ** 2;
  return sum;
}
