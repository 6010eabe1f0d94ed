import type { Card } from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';
import type { SamplerName } from '../../contract/sampling.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { fullSampler, randomSampler, uniformSampler, varianceSampler } from './baselineSamplers.ts';
import { dasSampler } from './dasSampler.ts';
import { optimalSampler } from './optimalSampler.ts';
import type { Sampler } from './sampler.ts';
import type { ScoreGraph } from './scoreGraph.ts';

export interface SamplerParts {
  /** How the package's sampler is built. */
  readonly config: Card['sampler'];
  /** The package's sampler graph on the chosen engine. */
  readonly score: ScoreGraph;
  /** Null: plain TypeScript. */
  readonly kernel: FeatureKernel | null;
}

/** @throws KeysliceError SAMPLER_NOT_APPLICABLE when the sampler needs weights that the package does not carry */
export function createSampler(name: SamplerName, { config, score, kernel }: SamplerParts): Sampler {
  switch (name) {
    case 'das':
      return dasSampler(config, score, kernel);
    case 'full':
      return fullSampler;
    case 'random':
      return randomSampler;
    case 'uniform':
      return uniformSampler;
    case 'variance':
      return varianceSampler;
    case 'optimal':
      return optimalSampler(kernel);
    case 'dps':
    case 'adps': {
      const reason = 'it needs a package that carries its weights, and none does';
      throw new KeysliceError('SAMPLER_NOT_APPLICABLE', { sampler: name, reason });
    }
  }
}
