import { KeysliceError } from '../../contract/errors.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { keptContributions } from './keptContributions.ts';
import { MAX_COST_FRAMES, rebuildCosts } from './rebuildCosts.ts';
import { RebuildOptimum } from './rebuildOptimum.ts';
import { rebuildQuality } from './rebuildQuality.ts';
import { checkedCount, type Sampler } from './sampler.ts';
import { rangeScores } from './scoresForPeople.ts';

/**
 * The selection of least rebuild error. A kept frame's score is how much the error grows without it, other frames
 * have none.
 * @param kernel null: plain TypeScript
 */
export function optimalSampler(kernel: FeatureKernel | null): Sampler {
  return {
    name: 'optimal',
    select: (features, k) => {
      const frames = checkedCount(features, k);
      if (frames > MAX_COST_FRAMES) {
        const reason = `it compares all pairs of frames, and ${frames} are more than ${MAX_COST_FRAMES}`;
        return Promise.reject(new KeysliceError('SAMPLER_NOT_APPLICABLE', { sampler: 'optimal', reason }));
      }
      const costs = rebuildCosts(features, kernel);
      const indices = new RebuildOptimum(costs).select(k);
      const kept = keptContributions(costs, indices);
      const base = new Float32Array(frames);
      indices.forEach((frame, slot) => {
        base[frame] = kept[slot]!;
      });
      return Promise.resolve({
        indices,
        scores: rangeScores(base),
        keptContributions: kept,
        quality: rebuildQuality(costs, { result: indices, optimal: indices, proposal: null }),
        tie: false,
      });
    },
  };
}
