import type { Card } from '../../contract/card.ts';
import type { FrameFeatures, Selection } from '../../contract/sampling.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { anchorOf } from './anchor.ts';
import { samplerContext } from './context.ts';
import { contributions } from './contributions.ts';
import { densityOf, pickFrames } from './pickFrames.ts';
import { polish } from './polish.ts';
import { checkedCount, requireNumbers, type Sampler } from './sampler.ts';
import { samplingMatrix } from './samplingMatrix.ts';
import { densityScores, likelihoodScores, rangeScores } from './scoresForPeople.ts';
import type { ScoreGraph, ScoreInputs, ScoreOutputs } from './scoreGraph.ts';

export interface DasParts {
  readonly config: Card['sampler'];
  readonly score: ScoreGraph;
  /** True where frames are kept to rebuild the series from, not to classify it by. */
  readonly rebuilds: boolean;
  /** Of the polish; null: plain TypeScript. */
  readonly kernel: FeatureKernel | null;
}

/**
 * Deep attention-guided adaptive subsampling with the weights of a package (docs/das.md sections 2 to 4). What a package
 * that rebuilds proposes is polished (section 8); the proposal is kept beside the result.
 */
export function dasSampler(parts: DasParts): Sampler {
  const { config, score } = parts;
  return {
    name: 'das',
    select: async (features, k) => {
      checkedCount(features, k);
      const anchor = anchorOf(config, features);
      const inputs: ScoreInputs = { ...samplerContext(features, config), anchor: anchor.values };
      const scores = await score(inputs, k);
      const { base, logits, temperature } = scores;
      requireNumbers('das', base, logits, Float32Array.of(temperature));
      // Learned features have no names to explain a score by.
      const explained =
        config.features === 'handcrafted'
          ? {
              contributions: await contributions(inputs, scores, score, {
                ...anchor,
                slots: slotsOf(config, k),
              }),
            }
          : {};
      return {
        ...choose(parts, features, scores, k),
        base,
        logits,
        temperature,
        matrix: samplingMatrix(logits, k, temperature),
        ...explained,
      };
    },
  };
}

/** The base is that of one slot as of many, but for `queries`, where it is the mean over the slots. */
const slotsOf = ({ base }: Card['sampler'], k: number): number => (base === 'queries' ? k : 1);

function choose(
  { config, rebuilds, kernel }: DasParts,
  features: FrameFeatures,
  scores: ScoreOutputs,
  k: number,
): Selection {
  const { indices, tie } = pickFrames(config, scores, k);
  const shown = { tie, scores: shownScores(config, scores, k) };
  return rebuilds
    ? { ...polish(features, indices, kernel), proposal: indices, ...shown }
    : { indices, ...shown };
}

function shownScores(config: Card['sampler'], scores: ScoreOutputs, k: number): Float32Array {
  if (config.sampling === 'systematic') return densityScores(densityOf(scores));
  if (config.base !== 'queries') return rangeScores(scores.base);
  return likelihoodScores(samplingMatrix(scores.logits, k, scores.temperature), scores.base.length);
}
