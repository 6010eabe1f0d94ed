import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import {
  type Predictions,
  areaUnderCurve,
  bootstrapIntervals,
  logLoss,
  metricsOf,
} from '../../../../src/ml/training/metrics.ts';

/** Share of pairs (positive, negative) that are ordered rightly, ties half: the definition of the AUC. */
function auc(scores: readonly number[], positive: readonly boolean[]): number {
  let [won, pairs] = [0, 0];
  scores.forEach((a, i) => {
    scores.forEach((b, j) => {
      if (!positive[i] || positive[j]) return;
      pairs++;
      won += a > b ? 1 : a === b ? 0.5 : 0;
    });
  });
  return won / pairs;
}

function binary(scores: readonly number[], labels: readonly number[]): Predictions {
  return {
    probabilities: Float64Array.from(scores.flatMap((p) => [1 - p, p])),
    labels: Uint8Array.from(labels),
    classes: 2,
  };
}

const random = seededRandom(4);
const SCORES = Array.from({ length: 60 }, () => Math.round(20 * random()) / 20);
const LABELS = SCORES.map((score) => (random() < 0.2 + 0.6 * score ? 1 : 0));

const OPTIONS = { rounds: 400, seed: 1 };

describe('metrics', () => {
  it('AUC counts ordered pairs, ties half', () => {
    const positive = LABELS.map((label) => label === 1);
    expect(areaUnderCurve(SCORES, positive)).toBeCloseTo(auc(SCORES, positive), 12);
    expect(areaUnderCurve([1, 2, 3], [false, false, true])).toBe(1);
    expect(areaUnderCurve([1, 1], [false, true])).toBe(0.5);
  });

  it('accuracy is that of the larger probability; balanced accuracy is the mean recall', () => {
    const metrics = metricsOf(binary([0.9, 0.2, 0.1, 0.4], [1, 0, 0, 1]));
    expect(metrics).toEqual({ n: 4, auc: 1, accuracy: 0.75, balancedAccuracy: 0.75 });
    expect(metricsOf(binary([0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0])).balancedAccuracy).toBe(0.5);
  });

  it('AUC of three classes is the mean of one against the rest', () => {
    const probabilities = Float64Array.from([0.7, 0.2, 0.1, 0.3, 0.4, 0.3, 0.2, 0.2, 0.6, 0.5, 0.3, 0.2]);
    const labels = Uint8Array.of(0, 1, 2, 2);
    const expected = [0, 1, 2].map((c) =>
      auc(
        [0, 1, 2, 3].map((row) => probabilities[row * 3 + c]!),
        [...labels].map((label) => label === c),
      ),
    );
    const mean = expected.reduce((sum, value) => sum + value, 0) / 3;
    expect(metricsOf({ probabilities, labels, classes: 3 }).auc).toBeCloseTo(mean, 12);
  });

  it('log loss is the mean of −ln p(true)', () => {
    expect(logLoss(binary([0.5, 0.25], [1, 0]))).toBeCloseTo(-(Math.log(0.5) + Math.log(0.75)) / 2, 12);
  });

  it('intervals hold the figure, depend on the seed alone, and shrink with the number of series', () => {
    const predictions = binary(SCORES, LABELS);
    const { auc: value } = metricsOf(predictions);
    const intervals = bootstrapIntervals(predictions, OPTIONS);
    expect(intervals.auc[0]).toBeLessThan(value);
    expect(intervals.auc[1]).toBeGreaterThan(value);
    expect(bootstrapIntervals(predictions, OPTIONS)).toEqual(intervals);
    const fourfold = binary(
      [...SCORES, ...SCORES, ...SCORES, ...SCORES],
      [...LABELS, ...LABELS, ...LABELS, ...LABELS],
    );
    const width = ([low, high]: readonly [number, number]): number => high - low;
    expect(width(bootstrapIntervals(fourfold, OPTIONS).auc)).toBeLessThan(0.7 * width(intervals.auc));
  });
});
