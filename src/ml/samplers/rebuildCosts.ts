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
  for (let i = 0; i < thumbnails.length; i++) mean[i % PIXELS]! += thumbnails[i]! / frames.length;
  const centred = new Float64Array(thumbnails.length);
  for (let i = 0; i < thumbnails.length; i++) centred[i] = thumbnails[i]! - mean[i % PIXELS]!;
  return centred;
}

/**
 * With a = (t − i)/(j − i) the error of frame t is ‖xₜ − (1−a)xᵢ − a·xⱼ‖², a sum of products of the Gram matrix. For
 * j going up, the sums over t of Gₜᵢ and (t − i)·Gₜᵢ are kept per i; those of Gₜⱼ run along i: every segment costs
 * O(1), and all matrices are read and written row by row.
 */
function fillBetween(gram: Float64Array, frames: number, between: Float64Array): void {
  const sums = new Float64Array(frames);
  const moments = new Float64Array(frames);
  const own = Float64Array.from({ length: frames }, (_, t) => gram[t * frames + t]!);
  const squares = new Float64Array(frames + 1);
  for (let t = 0; t < frames; t++) squares[t + 1] = squares[t]! + own[t]!;
  for (let j = 2; j < frames; j++) {
    const row = j * frames;
    let sum = 0;
    let moment = 0;
    for (let i = j - 2; i >= 0; i--) {
      const length = j - i;
      // Frame j − 1 joins the segments that start at i, frame i + 1 those that end at j.
      const joined = gram[row - frames + i]!;
      sums[i]! += joined;
      moments[i]! += (length - 1) * joined;
      sum += gram[row + i + 1]!;
      moment += sum;
      const square = ((length - 1) * (2 * length - 1)) / (6 * length);
      const mixed = (length - 1) / 2 - square;
      const cost =
        squares[j]! -
        squares[i + 1]! +
        square * (own[i]! + own[j]!) +
        2 * mixed * gram[row + i]! -
        2 * (sums[i]! - moments[i]! / length) -
        (2 * moment) / length;
      between[row + i] = Math.max(0, cost);
    }
  }
}

function endCosts(gram: Float64Array, frames: number): { head: Float64Array; tail: Float64Array } {
  const head = new Float64Array(frames);
  const tail = new Float64Array(frames);
  const own = Float64Array.from({ length: frames }, (_, t) => gram[t * frames + t]!);
  for (let i = 0; i < frames; i++) {
    for (let t = 0; t < frames; t++) {
      const distance = Math.max(0, own[t]! + own[i]! - 2 * gram[i * frames + t]!);
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
