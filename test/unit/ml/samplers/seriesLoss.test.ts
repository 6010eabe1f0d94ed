import { describe, expect, it } from 'vitest';
import { generatedSeries } from '../../../../src/ml/training/general/generatedSeries.ts';
import { quantile, rebuildMetrics } from '../../../../src/ml/training/general/measureGains.ts';
import { rebuildTask } from '../../../../src/ml/training/general/rebuildTask.ts';
import { seriesLoss } from '../../../../src/ml/training/general/seriesLoss.ts';
import { randomSource } from '../../../fixtures/frames.ts';

describe('generated series', () => {
  it('are the same for the same seed and differ between seeds', () => {
    const first = generatedSeries(3, 16, null);
    expect(generatedSeries(3, 16, null)).toStrictEqual(first);
    expect(generatedSeries(4, 16, null).features.thumbnails).not.toStrictEqual(first.features.thumbnails);
    expect(first.features.frames).toHaveLength(16);
  });
});

describe('the loss of a series', () => {
  it('has the gradient of its differences', () => {
    const task = rebuildTask(generatedSeries(5, 24, null), null);
    const next = randomSource(8);
    const scores = Float32Array.from({ length: 24 }, () => 2 * next() - 1);
    expect(task.targets).toHaveLength(3);
    for (const target of task.targets) {
      const { value, gradient } = seriesLoss(task.costs, target, scores);
      expect(value).toBeGreaterThan(0);
      const size = Math.max(...gradient.map(Math.abs));
      const step = 2 ** -12;
      scores.forEach((score, t) => {
        const at = (moved: number) => seriesLoss(task.costs, target, scores.with(t, moved)).value;
        const difference = (at(score + step) - at(score - step)) / (2 * step);
        expect(Math.abs(difference - (gradient[t] ?? NaN))).toBeLessThan(0.02 * size);
      });
    }
  });
});

describe('the figures of the card', () => {
  it('are medians and quantiles over the series of each ratio', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([4, 1, 3, 2], 0)).toBe(1);
    expect(quantile([], 0.5)).toBeNull();
    const row = { source: 's', name: 'n', frames: 20, k: 5, error: 0.1, uniform: 0.2, optimal: 0.1, gain: 1 };
    const rows = [0.2, 0.6, 0.4].map((proposalGain) => ({ ...row, ratio: 0.25, proposalGain, ruleGain: -1 }));
    expect(rebuildMetrics(rows).summary).toStrictEqual([
      {
        ratio: 0.25,
        series: 3,
        medianGain: 1,
        minimumGain: 1,
        medianProposalGain: 0.4,
        tenthPercentileProposalGain: quantile([0.2, 0.4, 0.6], 0.1),
        medianRuleGain: -1,
      },
    ]);
  });
});
