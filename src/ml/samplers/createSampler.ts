import { KeysliceError } from '../../contract/errors.ts';
import type { SamplerName } from '../../contract/sampling.ts';
import { type ActiveParts, activeSampler } from './activeSampler.ts';
import { fullSampler, randomSampler, uniformSampler, varianceSampler } from './baselineSamplers.ts';
import { type DasParts, dasSampler } from './dasSampler.ts';
import { type DpsParts, dpsSampler } from './dpsSampler.ts';
import { optimalSampler } from './optimalSampler.ts';
import type { Sampler } from './sampler.ts';

export interface SamplerParts extends DasParts {
  /** Absent or null where the package does not carry their weights. */
  readonly dps?: DpsParts | null;
  readonly adps?: ActiveParts | null;
}

/** @throws KeysliceError SAMPLER_NOT_APPLICABLE when the sampler needs weights that the package does not carry */
export function createSampler(name: SamplerName, { dps = null, adps = null, ...das }: SamplerParts): Sampler {
  switch (name) {
    case 'das':
      return dasSampler(das);
    case 'full':
      return fullSampler;
    case 'random':
      return randomSampler;
    case 'uniform':
      return uniformSampler;
    case 'variance':
      return varianceSampler;
    case 'optimal':
      return optimalSampler(das.kernel);
    case 'dps':
      return dpsSampler(carried(name, dps));
    case 'adps':
      return activeSampler(carried(name, adps));
  }
}

/** @throws KeysliceError SAMPLER_NOT_APPLICABLE */
export function carried<T>(sampler: SamplerName, parts: T | null): T {
  if (parts !== null) return parts;
  const reason = 'the package does not carry its weights';
  throw new KeysliceError('SAMPLER_NOT_APPLICABLE', { sampler, reason });
}
