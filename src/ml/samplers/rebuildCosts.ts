import { THUMBNAIL_SIZE, type FrameFeatures } from '../../contract/sampling.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { referenceKernel } from '../features/referenceKernel.ts';

const PIXELS = THUMBNAIL_SIZE * THUMBNAIL_SIZE;

/** More frames than this would need more than a quarter of a gigabyte of costs. */
export const MAX_COST_FRAMES = 4096;

/**
 * Squared errors of rebuilding frames by linear interpolation between kept neighbours (docs/das.md section 8), in
 * squared modality values, summed over the thumbnail's pixels.
 */
export interface RebuildCosts {
  frames: number;
  /** T × T: at [j · T + i], i < j, the frames strictly between the kept frames i and j. */
  between: Float64Array;
  /** Frames before the first kept frame i. */
  head: Float64Array;
  /** Frames after the last kept frame i. */
  tail: Float64Array;
  /** Σₜ ‖xₜ − x̄‖². */
  total: number;
}

/** @param kernel null: plain TypeScript, about ten times slower */
export function rebuildCosts(features: FrameFeatures, kernel: FeatureKernel | null): RebuildCosts {
  const frames = features.frames.length;
  const vectors = centredThumbnails(features);
  const gram = (kernel ?? referenceKernel).gram(vectors, frames, PIXELS);
  const between = new Float64Array(frames * frames);
  fillBetween(gram, frames, between);
  const { head, tail } = endCosts(gram, frames);
  let total = 0;
  for (let t = 0; t < frames; t++) total += gram[t * frames + t]!;
  return { frames, between, head, tail, total };
}

/** T × 1024, the mean thumbnail taken off. */
export function centredThumbnails({ thumbnails, frames }: FrameFeatures): Float64Array {
  const mean = new Float64Array(PIXELS);
  thumbnails.forEach((value, i) => {
    mean[i % PIXELS]! += value / frames.length;
  });
  return Float64Array.from(thumbnails, (value, i) => value - mean[i % PIXELS]!);
}

/**
 * With a = (t − i)/(j − i) the error of frame t is ‖xₜ − (1−a)xᵢ − a·xⱼ‖², a sum of products of the Gram matrix. For
 * i going down, the sums over t of Gₜⱼ and t·Gₜⱼ are kept per j; those of Gₜᵢ run along j: every segment costs O(1).
 */
function fillBetween(gram: Float64Array, frames: number, between: Float64Array): void {
  const sums = new Float64Array(frames);
  const moments = new Float64Array(frames);
  const squares = new Float64Array(frames + 1);
  for (let t = 0; t < frames; t++) squares[t + 1] = squares[t]! + gram[t * frames + t]!;
  for (let i = frames - 2; i >= 0; i--) {
    const row = i * frames;
    const own = gram[row + i]!;
    let sum = 0;
    let moment = 0;
    for (let j = i + 2; j < frames; j++) {
      const length = j - i;
      // Frame i + 1 joins the segments that start at i; distances are counted from i.
      sums[j]! += gram[(i + 1) * frames + j]!;
      moments[j]! += sums[j]!;
      sum += gram[row + j - 1]!;
      moment += (length - 1) * gram[row + j - 1]!;
      const square = ((length - 1) * (2 * length - 1)) / (6 * length);
      const mixed = (length - 1) / 2 - square;
      const cost =
        squares[j]! -
        squares[i + 1]! +
        square * (own + gram[j * frames + j]!) +
        2 * mixed * gram[row + j]! -
        2 * (sum - moment / length) -
        (2 * moments[j]!) / length;
      between[j * frames + i] = Math.max(0, cost);
    }
  }
}

function endCosts(gram: Float64Array, frames: number): { head: Float64Array; tail: Float64Array } {
  const head = new Float64Array(frames);
  const tail = new Float64Array(frames);
  for (let i = 0; i < frames; i++) {
    const own = gram[i * frames + i]!;
    for (let t = 0; t < frames; t++) {
      const distance = Math.max(0, gram[t * frames + t]! + own - 2 * gram[i * frames + t]!);
      if (t < i) head[i]! += distance;
      else tail[i]! += distance;
    }
  }
  return { head, tail };
}

/** Squared error of keeping `selection` (ascending). */
export function selectionCost({ frames, between, head, tail }: RebuildCosts, selection: Int32Array): number {
  let cost = head[selection[0]!]! + tail[selection[selection.length - 1]!]!;
  for (let slot = 1; slot < selection.length; slot++) {
    cost += between[selection[slot]! * frames + selection[slot - 1]!]!;
  }
  return cost;
}
