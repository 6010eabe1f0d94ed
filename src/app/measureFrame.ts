import type { Frame } from '../contract/frame.ts';
import { modalityValue } from '../imaging/frames/toModality.ts';
import type { FeatureKernel } from '../ml/features/featureKernel.ts';
import { spatialFeatures, type SpatialFeatures } from '../ml/features/spatialFeatures.ts';

/** What the sampler and the scope check need of one frame; the pixels are not needed again for either. */
export interface MeasuredPixels {
  /** Null: too few valid pixels, the frame counts as failed. */
  spatial: SpatialFeatures | null;
  /** Modality values. */
  min: number;
  max: number;
  /** The first distinct modality values, one more than a mask has at most. */
  distinct: readonly number[];
  /** Time of the feature pass over this frame. */
  ms: number;
}

const DISTINCT_LIMIT = 3;

/** @param kernel null: plain TypeScript */
export function measureFrame(frame: Frame, kernel: FeatureKernel | null): MeasuredPixels {
  const start = performance.now();
  const spatial = spatialFeatures(frame, kernel);
  const ms = performance.now() - start;
  const toModality = (stored: number): number =>
    frame.samples === 1 ? modalityValue(stored, frame.modality) : stored;
  const [low, high] = [toModality(frame.min), toModality(frame.max)];
  return {
    spatial,
    min: Math.min(low, high),
    max: Math.max(low, high),
    distinct: distinctValues(frame).map(toModality),
    ms,
  };
}

/** Grey images show a third value within a few pixels; only masks and empty frames are read to the end. */
function distinctValues({ values }: Frame): number[] {
  const distinct: number[] = [];
  for (const value of values) {
    if (distinct.includes(value)) continue;
    distinct.push(value);
    if (distinct.length === DISTINCT_LIMIT) break;
  }
  return distinct;
}
