import type { Card } from '../../contract/card.ts';
import type { FrameFeatures, Selection } from '../../contract/sampling.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { anchorOf } from './anchor.ts';
import { samplerContext } from './context.ts';
import { contributions } from './contributions.ts';
import { densityOf, pickFrames, type PickScores } from './pickFrames.ts';
import { polish } from './polish.ts';
import { checkedCount, requireNumbers, type Sampler } from './sampler.ts';
import { samplingMatrix } from './samplingMatrix.ts';
import { densityScores, rangeScores } from './scoresForPeople.ts';
import type { ScoreGraph, ScoreInputs } from './scoreGraph.ts';

/**
 * Deep attention-guided adaptive subsampling with the weights of a package (docs/das.md sections 2 to 4). Systematic
 * packages are polished for rebuilding the series (section 8); their proposal is kept beside the result.
 * @param kernel of the polish; null: plain TypeScript
 */
export function dasSampler(
  config: Card['sampler'],
  score: ScoreGraph,
  kernel: FeatureKernel | null,
): Sampler {
  return {
    name: 'das',
    select: async (features, k) => {
      checkedCount(features, k);
      const anchor = anchorOf(config, features);
      const inputs: ScoreInputs = { ...samplerContext(features, config.position), anchor: anchor.values };
      const scores = await score(inputs, k);
      const { base, logits, temperature } = scores;
      requireNumbers('das', base, logits, Float32Array.of(temperature));
      return {
        ...choose(config, features, scores, k, kernel),
        base,
        logits,
        temperature,
        matrix: samplingMatrix(logits, k, temperature),
        contributions: await contributions(inputs, base, score, anchor),
      };
    },
  };
}

function choose(
  config: Card['sampler'],
  features: FrameFeatures,
  picking: PickScores,
  k: number,
  kernel: FeatureKernel | null,
): Selection {
  const { indices, tie } = pickFrames(config.sampling, picking, k);
  if (config.sampling === 'topk') return { indices, tie, scores: rangeScores(picking.base) };
  const scores = densityScores(densityOf(picking));
  return { ...polish(features, indices, kernel), proposal: indices, tie, scores };
}
