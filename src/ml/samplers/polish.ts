import type { Selection } from '../../contract/sampling.ts';
import { descend } from './descend.ts';
import { keptContributions } from './keptContributions.ts';
import { type RebuildCosts, selectionCost } from './rebuildCosts.ts';
import type { RebuildOptimum } from './rebuildOptimum.ts';
import { rebuildQuality } from './rebuildQuality.ts';
import { selectUniform } from './selectUniform.ts';

/** Up to here the optimum itself is computed. */
export const EXACT_FRAMES = 1000;

export type Polished = Pick<Selection, 'indices' | 'keptContributions' | 'quality'>;

/**
 * What a learned proposal becomes when all frames are in: the optimum for series of up to 1,000 frames, coordinate
 * descent from the proposal for longer ones; never worse than uniform (docs/das.md section 8).
 */
export function polish(optimum: RebuildOptimum, proposal: Int32Array): Polished {
  const { costs } = optimum;
  const optimal = costs.frames <= EXACT_FRAMES ? optimum.select(proposal.length) : null;
  const indices = guarded(costs, optimal ?? descend(costs, proposal));
  return {
    indices,
    keptContributions: keptContributions(costs, indices),
    quality: rebuildQuality(costs, { result: indices, optimal, proposal }),
  };
}

/** The better of a selection and uniform; of a series that any frames rebuild as well, evenly spread ones say more. */
export function guarded(costs: RebuildCosts, selection: Int32Array): Int32Array {
  const uniform = selectUniform(costs.frames, selection.length);
  return selectionCost(costs, selection) < selectionCost(costs, uniform) ? selection : uniform;
}
