import { type Card, POOLED_COUNT } from '../../contract/card.ts';
import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { Tensor, Tensors } from '../engines/engine.ts';
import { slotCodes } from '../networks/slotCodes.ts';
import { SEEN_COUNT } from '../samplers/adpsInputs.ts';
import { THUMBNAIL_CHANNELS } from '../samplers/thumbnailInputs.ts';
import { seededRandom } from '../seededRandom.ts';
import { contextWidth } from './checkGraphs.ts';

/** What of a card decides the inputs. */
export type GoldenSubject = Pick<Card, 'input' | 'sampler'>;

/** Inputs of the sampler graph for `frames` frames and k slots: uniform in [−2, 2), the range of z-scores. */
export function goldenSamplerInputs(
  subject: GoldenSubject,
  seed: number,
  frames: number,
  k: number,
): Tensors {
  const { features } = subject.sampler;
  const random = seededRandom(seed);
  const spread = (dims: readonly number[]): Tensor => uniform(dims, () => 4 * random() - 2);
  return {
    ...(features === 'learned' ? {} : { perFrame: spread([frames, contextWidth(subject.sampler)]) }),
    pooled: spread([1, POOLED_COUNT]),
    anchor: spread([frames]),
    slots: { type: 'float32', dims: [k, 1], data: slotCodes(k) },
    ...(features === 'handcrafted'
      ? {}
      : { thumbnails: spread([frames, THUMBNAIL_CHANNELS, THUMBNAIL_SIZE, THUMBNAIL_SIZE]) }),
  };
}

/** k frames of the classifier, already normalised: uniform in [0, 1). */
export function goldenFrames(subject: GoldenSubject, seed: number, k: number): Tensor | null {
  const { channels, size } = subject.input;
  return size === null ? null : uniform([k, channels, ...size], seededRandom(seed + 1));
}

/** T × 256 small pictures for A-DPS: uniform in [−2, 2). */
export function goldenSeen(seed: number, frames: number): Float32Array {
  const random = seededRandom(seed + 2);
  return Float32Array.from({ length: frames * SEEN_COUNT }, () => 4 * random() - 2);
}

function uniform(dims: readonly number[], next: () => number): Tensor {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { type: 'float32', dims, data: Float32Array.from({ length }, next) };
}
