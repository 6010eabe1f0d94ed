import { inclusions } from '../../samplers/selectSystematic.ts';
import { softplus } from '../../samplers/softplus.ts';
import { expectedError } from './expectedError.ts';
import { inclusionGradient } from './inclusionGradient.ts';
import type { RebuildTask } from './rebuildTask.ts';

export interface LossAndGradient {
  value: number;
  /** T: with respect to the scores a/τ. */
  gradient: Float32Array;
}

/**
 * Loss of one series over its ratios: ln(1 + excess/room), where excess is how far the expected error of systematic
 * sampling lies above the optimum, and room how far uniform does. So every ratio counts alike, and a series that
 * cannot be won does not drown the others.
 */
export function seriesLoss({ costs, targets }: RebuildTask, scores: Float32Array): LossAndGradient {
  const density = Float64Array.from(scores, softplus);
  const gradient = new Float32Array(scores.length);
  let value = 0;
  for (const { k, uniform, optimal } of targets) {
    const shares = inclusions(density, k);
    const expected = expectedError(costs, shares);
    const room = uniform - optimal;
    const excess = Math.max(0, expected.value - optimal);
    value += Math.log1p(excess / room);
    const slope = 1 / (room + excess);
    inclusionGradient(scores, shares, expected.gradient).forEach((part, t) => {
      gradient[t]! += slope * part;
    });
  }
  return { value, gradient };
}
