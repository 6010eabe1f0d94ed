import { describe, expect, it } from 'vitest';
import { rebuildCosts, selectionCost, type RebuildCosts } from '../../../../src/ml/samplers/rebuildCosts.ts';
import { inclusions } from '../../../../src/ml/samplers/selectSystematic.ts';
import { softplus } from '../../../../src/ml/samplers/softplus.ts';
import { expectedError } from '../../../../src/ml/training/general/expectedError.ts';
import { inclusionGradient } from '../../../../src/ml/training/general/inclusionGradient.ts';
import { discSeries, featuresOf } from '../../../fixtures/featureSeries.ts';
import { randomSource } from '../../../fixtures/frames.ts';

function randomShares(
  frames: number,
  k: number,
  seed: number,
): { scores: Float32Array; shares: Float64Array } {
  const next = randomSource(seed);
  const scores = Float32Array.from({ length: frames }, () => 4 * next() - 2);
  return { scores, shares: inclusions(Float64Array.from(scores, softplus), k) };
}

/** Systematic sampling from the definition, with any start. */
function sampleFrom(shares: Float64Array, k: number, start: number): Int32Array {
  const kept: number[] = [];
  let sum = 0;
  shares.forEach((share, t) => {
    sum += share;
    if (kept.length < k && sum >= kept.length + start) kept.push(t);
  });
  return Int32Array.from(kept);
}

const costs: RebuildCosts = rebuildCosts(featuresOf(discSeries(24, 4)), null);

describe('the expected error of systematic sampling', () => {
  it.each([1, 2, 5, 11, 20, 24])('is what drawing the start many times gives, k = %i', (k) => {
    const { shares } = randomShares(24, k, k);
    const draws = 20_000;
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) {
      sum += selectionCost(costs, sampleFrom(shares, k, (draw + 0.5) / draws));
    }
    const mean = sum / draws / costs.total;
    expect(Math.abs(expectedError(costs, shares).value - mean)).toBeLessThan(2e-4 * (mean + 0.01));
  });

  it.each([2, 5, 11])('is that of the starts that are drawn, k = %i', (k) => {
    const { shares } = randomShares(24, k, k);
    const starts = { from: 0.3, to: 0.7 };
    const draws = 20_000;
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) {
      const start = starts.from + ((draw + 0.5) / draws) * (starts.to - starts.from);
      sum += selectionCost(costs, sampleFrom(shares, k, start));
    }
    const mean = sum / draws / costs.total;
    expect(Math.abs(expectedError(costs, shares, starts).value - mean)).toBeLessThan(2e-4 * (mean + 0.01));
  });

  it.each([
    [2, 0, 1],
    [5, 0, 1],
    [11, 0, 1],
    [20, 0, 1],
    [5, 0.25, 0.75],
    [11, 0.4, 0.6],
  ])('has the gradient of its differences, k = %i, starts from %f to %f', (k, from, to) => {
    const { scores, shares } = randomShares(24, k, 100 + k);
    const starts = { from, to };
    const { gradient } = expectedError(costs, shares, starts);
    const found = inclusionGradient(scores, shares, gradient);
    const valueAt = (t: number, step: number): number => {
      const moved = Float64Array.from(scores, (score, i) => softplus(score + (i === t ? step : 0)));
      return expectedError(costs, inclusions(moved, k), starts).value;
    };
    const size = Math.max(...found.map(Math.abs));
    expect(size).toBeGreaterThan(0);
    scores.forEach((_, t) => {
      const difference = (valueAt(t, 1e-6) - valueAt(t, -1e-6)) / 2e-6;
      expect(Math.abs(difference - (found[t] ?? NaN))).toBeLessThan(1e-4 * size + 1e-9);
    });
  });
});
