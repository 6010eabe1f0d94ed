import type { RebuildQuality } from '../../contract/sampling.ts';
import { selectionCost, type RebuildCosts } from './rebuildCosts.ts';
import { selectUniform } from './selectUniform.ts';

/** Below this difference between uniform and optimal there is no gain to speak of (docs/das.md section 8). */
const MIN_DIFFERENCE = 1e-6;
const MIN_FRAMES = 3;

export interface JudgedSelections {
  result: Int32Array;
  /** Null where the optimum was not computed. */
  optimal: Int32Array | null;
  proposal: Int32Array | null;
}

/** Rebuild errors as shares of the series' variance; 0 for a constant series. */
export function rebuildQuality(
  costs: RebuildCosts,
  { result, optimal, proposal }: JudgedSelections,
): RebuildQuality {
  const errorOf = (selection: Int32Array): number =>
    costs.total > 0 ? selectionCost(costs, selection) / costs.total : 0;
  const uniform = errorOf(selectUniform(costs.frames, result.length));
  const least = optimal === null ? null : errorOf(optimal);
  const gainOf = (selection: Int32Array | null): number | null =>
    selection === null || least === null || costs.frames < MIN_FRAMES || uniform - least < MIN_DIFFERENCE
      ? null
      : (uniform - errorOf(selection)) / (uniform - least);
  return {
    error: errorOf(result),
    uniform,
    optimal: least,
    gain: gainOf(result),
    proposalGain: gainOf(proposal),
  };
}
