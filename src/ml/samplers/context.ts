import type { Card } from '../../contract/card.ts';
import { FEATURE_COUNT, FEATURE_NAMES, type FrameFeatures } from '../../contract/sampling.ts';
import { standardThumbnails } from './thumbnailInputs.ts';

/** Inputs of the sampler graph that come from the features alone. */
export interface SamplerContext {
  /**
   * T × 27, or T × 29 with position: F of the frame, of the one before and of the one after; u, u(1 − u). Gap features
   * come after these (`withGapFeatures`).
   */
  readonly perFrame: Float32Array;
  /** Mean, maximum and deviation of each F° over the frames, then ln T: 28 numbers. */
  readonly pooled: Float32Array;
  /** T × 1024 where features are learned, else null: `standardThumbnails`. */
  readonly thumbnails: Float32Array | null;
}

/** What of a sampler decides what it is told. */
export type ContextConfig = Pick<Card['sampler'], 'features' | 'position'>;

/**
 * What the heads are told (docs/das.md section 2). A missing neighbour repeats the frame; pooling reads F°, because
 * mean and deviation of a z-score are constants.
 */
export function samplerContext(
  features: FrameFeatures,
  { features: kind, position }: ContextConfig,
): SamplerContext {
  return {
    perFrame: perFrameInput(features.normalized, features.frames.length, position),
    pooled: pooledContext(features.scaleFree, features.frames.length),
    thumbnails: kind === 'handcrafted' ? null : standardThumbnails(features),
  };
}

function perFrameInput(normalized: Float32Array, frames: number, position: boolean): Float32Array {
  const width = 3 * FEATURE_COUNT + (position ? 2 : 0);
  const input = new Float32Array(frames * width);
  const row = (t: number): Float32Array => normalized.subarray(t * FEATURE_COUNT, (t + 1) * FEATURE_COUNT);
  for (let t = 0; t < frames; t++) {
    const at = t * width;
    input.set(row(t), at);
    input.set(row(Math.max(0, t - 1)), at + FEATURE_COUNT);
    input.set(row(Math.min(frames - 1, t + 1)), at + 2 * FEATURE_COUNT);
    if (position) {
      const u = frames === 1 ? 0.5 : t / (frames - 1);
      input.set([u, u * (1 - u)], at + 3 * FEATURE_COUNT);
    }
  }
  return input;
}

function pooledContext(scaleFree: Float32Array, frames: number): Float32Array {
  const pooled = new Float32Array(3 * FEATURE_COUNT + 1);
  for (let feature = 0; feature < FEATURE_COUNT; feature++) {
    const column = Array.from({ length: frames }, (_, t) => scaleFree[t * FEATURE_COUNT + feature]!);
    const mean = column.reduce((sum, value) => sum + value, 0) / frames;
    const square = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / frames;
    pooled[feature] = mean;
    pooled[FEATURE_COUNT + feature] = column.reduce((a, b) => Math.max(a, b), -Infinity);
    pooled[2 * FEATURE_COUNT + feature] = Math.sqrt(square);
  }
  pooled[3 * FEATURE_COUNT] = Math.log(frames);
  return pooled;
}

/** Where a learned base that keeps the k best frames starts: the z-scored log-variance of each frame. */
export function varianceAnchor({ normalized, frames }: FrameFeatures): Float32Array {
  const column = FEATURE_NAMES.indexOf('variance');
  return Float32Array.from(frames, (_, t) => normalized[t * FEATURE_COUNT + column]!);
}
