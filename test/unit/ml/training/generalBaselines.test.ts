import { describe, expect, it } from 'vitest';
import { rebuildCosts } from '../../../../src/ml/samplers/rebuildCosts.ts';
import { RebuildOptimum } from '../../../../src/ml/samplers/rebuildOptimum.ts';
import { selectRandom } from '../../../../src/ml/samplers/selectRandom.ts';
import type { ScoreGraph } from '../../../../src/ml/samplers/scoreGraph.ts';
import { curvatureRule, farthestPoint } from '../../../../src/ml/training/general/baselineSelections.ts';
import { gainOf, rebuildErrors } from '../../../../src/ml/training/general/measureGains.ts';
import { rebuildTarget } from '../../../../src/ml/training/general/rebuildTask.ts';
import { discSeries, featuresFromThumbnails, featuresOf } from '../../../fixtures/featureSeries.ts';
import { randomSource } from '../../../fixtures/frames.ts';

/** Frames of one brightness each, with the same faint pattern so that none is without content. */
const grey = (levels: readonly number[]) =>
  featuresFromThumbnails(
    levels.map((level) => Float32Array.from({ length: 1024 }, (_, i) => level + (i % 2))),
  );

describe('farthest point', () => {
  it('starts at the first frame and goes on with the one farthest from all that are kept', () => {
    // From 0: 100 is farthest, then 50, then 75 or 25, of which 25 comes first.
    const features = grey([0, 25, 50, 75, 100]);
    expect([...farthestPoint(features, 1)]).toEqual([0]);
    expect([...farthestPoint(features, 2)]).toEqual([0, 4]);
    expect([...farthestPoint(features, 3)]).toEqual([0, 2, 4]);
    expect([...farthestPoint(features, 4)]).toEqual([0, 1, 2, 4]);
  });

  it('keeps distinct frames where all look the same', () => {
    expect([...farthestPoint(grey([7, 7, 7, 7]), 3)]).toEqual([0, 1, 2]);
  });

  it('never has a kept centre closer to another than a frame left out is to its own', () => {
    const features = featuresOf(discSeries(20, 3));
    const kept = [...farthestPoint(features, 6)];
    const distance = (a: number, b: number): number =>
      Math.sqrt(
        features.thumbnails
          .subarray(a * 1024, (a + 1) * 1024)
          .reduce((sum, value, i) => sum + (value - (features.thumbnails[b * 1024 + i] ?? NaN)) ** 2, 0),
      );
    const radius = Math.max(
      ...Array.from({ length: 20 }, (_, t) => Math.min(...kept.map((centre) => distance(t, centre)))),
    );
    const apart = Math.min(...kept.flatMap((a) => kept.filter((b) => b !== a).map((b) => distance(a, b))));
    expect(apart).toBeGreaterThanOrEqual(radius);
  });
});

describe('random sampling', () => {
  it('keeps k distinct frames in order, the same for the same seed, every frame about as often', () => {
    const counts = new Array<number>(10).fill(0);
    for (let seed = 0; seed < 2000; seed++) {
      const kept = [...selectRandom(10, 3, seed)];
      expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b));
      expect(kept).toHaveLength(3);
      for (const frame of kept) counts[frame]!++;
    }
    expect([...selectRandom(10, 3, 5)]).toEqual([...selectRandom(10, 3, 5)]);
    for (const count of counts) expect(Math.abs(count / 2000 - 0.3)).toBeLessThan(0.04);
  });
});

describe('the rule curvature^{2/5}', () => {
  it('keeps more frames where the series bends than where it stands still', () => {
    const next = randomSource(2);
    const contrasts = Array.from({ length: 40 }, (_, t) => (t < 20 ? 10 : 10 + 80 * next()));
    const features = featuresFromThumbnails(
      contrasts.map((contrast) => Float32Array.from({ length: 1024 }, (_, i) => contrast * (i % 2))),
    );
    const kept = [...curvatureRule(features, 10)];
    expect(kept).toHaveLength(10);
    expect(kept.filter((frame) => frame >= 20).length).toBeGreaterThan(7);
  });
});

describe('rebuild errors', () => {
  const features = featuresOf(discSeries(24, 4));
  const costs = rebuildCosts(features, null);
  const flat: ScoreGraph = (_, k) =>
    Promise.resolve({ base: new Float32Array(24), logits: new Float32Array(24 * k), temperature: 1 });

  const optimum = new RebuildOptimum(costs);

  it('lie between the optimum and uniform after descent and polish, and never below the optimum', async () => {
    for (const ratio of [0.125, 0.25, 0.5]) {
      const target = rebuildTarget(optimum, ratio);
      const errors = await rebuildErrors({ costs, features }, target, flat);
      expect(errors.result).toBe(errors.optimal);
      expect(errors.descent).toBeLessThanOrEqual(errors.uniform);
      for (const error of Object.values(errors)) expect(error).toBeGreaterThanOrEqual(errors.optimal - 1e-12);
      expect(gainOf(errors, errors.uniform)).toBe(0);
      expect(gainOf(errors, errors.optimal)).toBe(1);
    }
  });

  it('have no gain where there is nothing to win', () => {
    expect(gainOf({ uniform: 0.1, optimal: 0.1 }, 0.2)).toBeNull();
  });
});
