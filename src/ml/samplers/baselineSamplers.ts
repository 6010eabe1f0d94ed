import { FEATURE_COUNT, FEATURE_NAMES, type FrameFeatures } from '../../contract/sampling.ts';
import { checkedCount, type Sampler } from './sampler.ts';
import { rangeScores } from './scoresForPeople.ts';
import { selectRandom } from './selectRandom.ts';
import { selectTopK } from './selectTopK.ts';
import { selectUniform } from './selectUniform.ts';

/** Samplers that look at no frame say the same of each. */
const INDIFFERENT = 0.5;

function withoutScores(
  name: Sampler['name'],
  choose: (frames: number, k: number, seed: number) => Int32Array,
): Sampler {
  return {
    name,
    select: (features, k, { seed = 0 } = {}) => {
      const frames = checkedCount(features, k);
      const indices = choose(frames, k, seed);
      return Promise.resolve({ indices, scores: new Float32Array(frames).fill(INDIFFERENT), tie: false });
    },
  };
}

/** Every frame, whatever k is. */
export const fullSampler = withoutScores('full', (frames) =>
  Int32Array.from({ length: frames }, (_, t) => t),
);

/** Centres of k equal bins. */
export const uniformSampler = withoutScores('uniform', selectUniform);

/** Without replacement; the same seed gives the same frames. */
export const randomSampler = withoutScores('random', selectRandom);

/** The k frames of largest spatial variance. */
export const varianceSampler: Sampler = {
  name: 'variance',
  select: (features, k) => {
    checkedCount(features, k);
    const base = varianceColumn(features);
    return Promise.resolve({ ...selectTopK(base, k), scores: rangeScores(base), base });
  },
};

function varianceColumn({ scaleFree, frames }: FrameFeatures): Float32Array {
  const column = FEATURE_NAMES.indexOf('variance');
  return Float32Array.from(frames, (_, t) => scaleFree[t * FEATURE_COUNT + column]!);
}
