import { inclusions } from '../../samplers/selectSystematic.ts';
import type { RebuildCosts } from '../../samplers/rebuildCosts.ts';
import { softplus } from '../../samplers/softplus.ts';
import { type ErrorAndGradient, expectedError, type Starts } from './expectedError.ts';
import { inclusionGradient } from './inclusionGradient.ts';
import type { RebuildTarget } from './rebuildTask.ts';

export interface LossAndGradient {
  value: number;
  /** T: with respect to the scores a/τ. */
  gradient: Float32Array;
}

/**
 * Where the sampling that the loss expects starts. The choice itself starts at ½: starts near 0 and 1 shift it by half a
 * step, which no density makes good, while one start alone would leave the loss without a slope.
 */
const STARTS: Starts = { from: 0.25, to: 0.75 };

/** How much agreement with the optimum's frames counts beside the error that is expected. */
const AGREEMENT = 0.3;
/** Inclusions nearer to 0 and 1 than this count as this: a logarithm must stay finite. */
const CERTAIN = 1e-3;

/**
 * Loss of one series at one ratio: ln(1 + excess/room), where excess is how far the expected error of systematic
 * sampling lies above the optimum, and room how far uniform does. So every ratio counts alike, and a series that
 * cannot be won does not drown the others. The cross-entropy between the inclusions and the frames of the optimum is
 * added, because the expected error alone is flat where several frames would do.
 * @param scores T: a/τ
 */
export function seriesLoss(
  costs: RebuildCosts,
  { k, uniform, optimal, best }: RebuildTarget,
  scores: Float32Array,
): LossAndGradient {
  const shares = inclusions(Float64Array.from(scores, softplus), k);
  const expected = expectedError(costs, shares, STARTS);
  const agreement = crossEntropy(shares, best);
  const room = uniform - optimal;
  const excess = Math.max(0, expected.value - optimal);
  const slope = 1 / (room + excess);
  const byShare = expected.gradient.map((part, t) => slope * part + AGREEMENT * agreement.gradient[t]!);
  return {
    value: Math.log1p(excess / room) + AGREEMENT * agreement.value,
    gradient: Float32Array.from(inclusionGradient(scores, shares, byShare)),
  };
}

/** Per frame, of keeping each with its inclusion, against what the optimum keeps. */
function crossEntropy(shares: Float64Array, best: Int32Array): ErrorAndGradient {
  const kept = new Set(best);
  let value = 0;
  const gradient = shares.map((share, t) => {
    const p = Math.min(1 - CERTAIN, Math.max(CERTAIN, share));
    const wanted = kept.has(t) ? 1 : 0;
    value -= Math.log(wanted === 1 ? p : 1 - p) / shares.length;
    return (p - wanted) / (p * (1 - p) * shares.length);
  });
  return { value, gradient };
}
