import { describe, expect, it } from 'vitest';
import type { DataSet, LabelledVolumes } from '../../../../src/ml/training/dataSet.ts';
import { fitLogistic, logisticShare } from '../../../../src/ml/training/logisticRegression.ts';
import { measureShortcuts } from '../../../../src/ml/training/measureShortcuts.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { featuresOf } from '../../../fixtures/featureSeries.ts';
import { frameOf } from '../../../fixtures/frames.ts';

const COMMIT = '0123456';

describe('ridge logistic regression', () => {
  const random = seededRandom(4);
  const rows = Array.from({ length: 400 }, () => [10 * random(), random() - 5, 7]);
  const labels = Uint8Array.from(rows, ([x = 0]) => (random() < 1 / (1 + Math.exp(5 - x)) ? 1 : 0));

  it('stands where the gradient of the penalised likelihood is zero', () => {
    const model = fitLogistic(rows, labels, 0.5);
    const { means, deviations, weights } = model;
    for (let input = 0; input < 3; input++) {
      const slope = rows.reduce((sum, row, i) => {
        const x = (row[input]! - means[input]!) / deviations[input]!;
        return sum + x * (labels[i]! - logisticShare(model, row));
      }, -0.5 * weights[input]!);
      expect(Math.abs(slope)).toBeLessThan(1e-8);
    }
  });

  it('finds what the labels depend on, and leaves a constant alone', () => {
    const { weights } = fitLogistic(rows, labels, 0.5);
    expect(weights[0]).toBeGreaterThan(2);
    expect(Math.abs(weights[1]!)).toBeLessThan(0.6);
    expect(weights[2]).toBe(0);
  });

  it('ends where the classes can be told apart without error', () => {
    const model = fitLogistic([[0], [1], [2], [3]], Uint8Array.of(0, 0, 1, 1), 1);
    expect(model.weights.every(Number.isFinite)).toBe(true);
    expect(logisticShare(model, [0])).toBeLessThan(0.5);
    expect(logisticShare(model, [3])).toBeGreaterThan(0.5);
  });
});

/** Noise of a brightness, of so many frames. */
function volumes(made: readonly { frames: number; brightness: number; label: number }[]): LabelledVolumes {
  const random = seededRandom(9);
  const features = made.map(({ frames, brightness }) =>
    featuresOf(
      Array.from({ length: frames }, () =>
        frameOf(
          32,
          32,
          Uint8Array.from({ length: 1024 }, () => brightness + 20 * random()),
        ),
      ),
    ),
  );
  return {
    count: made.length,
    frames: 4,
    rows: 8,
    columns: 8,
    frameCounts: made.map(({ frames }) => frames),
    voxels: new Float32Array(0),
    features,
    labels: Uint8Array.from(made, ({ label }) => label),
    groups: made.map((_, index) => Math.floor(index / 2)),
  };
}

function dataSet(split: LabelledVolumes, classes: readonly string[]): DataSet {
  const splits = { train: split, val: split, test: split };
  const text = { md5: '0'.repeat(32), licence: 'none', citation: 'none' };
  return { ...text, name: 'made', classes, pixels: 'grey', splits };
}

describe('what can be told without looking at the images', () => {
  const [dark, bright] = [40, 160];

  it('is everything where one class is brighter', () => {
    const made = [0, 1, 0, 1, 0, 1, 0, 1].map((label) => ({
      frames: 5,
      brightness: label === 1 ? bright : dark,
      label,
    }));
    expect(measureShortcuts(dataSet(volumes(made), ['a', 'b']), COMMIT).splits.test?.auc).toBe(1);
  });

  it('is everything where one class has more frames', () => {
    const made = [0, 1, 0, 1, 0, 1, 0, 1].map((label) => ({
      frames: 3 + 2 * label,
      brightness: dark,
      label,
    }));
    expect(measureShortcuts(dataSet(volumes(made), ['a', 'b']), COMMIT).splits.test?.auc).toBe(1);
  });

  it('is little where neither differs', () => {
    const made = [0, 0, 1, 1, 0, 0, 1, 1].map((label, i) => ({
      frames: 4,
      brightness: i % 2 === 0 ? dark : bright,
      label,
    }));
    const { test } = measureShortcuts(dataSet(volumes(made), ['a', 'b']), COMMIT).splits;
    expect(test?.accuracy).toBeLessThan(0.8);
  });

  it('needs two classes', () => {
    const made = [{ frames: 3, brightness: dark, label: 0 }];
    expect(() => measureShortcuts(dataSet(volumes(made), ['a', 'b', 'c']), COMMIT)).toThrow(/two/);
  });
});
