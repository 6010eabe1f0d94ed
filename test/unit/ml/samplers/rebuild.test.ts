import { describe, expect, it } from 'vitest';
import { descend } from '../../../../src/ml/samplers/descend.ts';
import { keptContributions } from '../../../../src/ml/samplers/keptContributions.ts';
import { polish } from '../../../../src/ml/samplers/polish.ts';
import { rebuildCosts, selectionCost, type RebuildCosts } from '../../../../src/ml/samplers/rebuildCosts.ts';
import { RebuildOptimum } from '../../../../src/ml/samplers/rebuildOptimum.ts';
import { rebuildQuality } from '../../../../src/ml/samplers/rebuildQuality.ts';
import { selectUniform } from '../../../../src/ml/samplers/selectUniform.ts';
import { featuresFromThumbnails } from '../../../fixtures/featureSeries.ts';
import { randomSource } from '../../../fixtures/frames.ts';
import { compileFeatureKernel } from '../../../support/featureKernel.ts';
import { askJudge, pythonHas } from '../../../support/pythonJudge.ts';

const kernel = compileFeatureKernel();

/** A random walk with bursts: information is concentrated, as in a real series. */
function randomSeries(count: number, seed: number): Float32Array[] {
  const next = randomSource(seed);
  const pixels = new Float32Array(1024);
  return Array.from({ length: count }, () => {
    const step = next() < 0.2 ? 30 : 2;
    return pixels.map((value, i) => (pixels[i] = value + step * (next() - 0.5)));
  }).map((frame) => Float32Array.from(frame));
}

const costsOf = (thumbnails: readonly Float32Array[]): RebuildCosts =>
  rebuildCosts(featuresFromThumbnails(thumbnails), kernel);

function subsets(frames: number, k: number, from = 0): number[][] {
  if (k === 0) return [[]];
  const result: number[][] = [];
  for (let first = from; first <= frames - k; first++) {
    for (const rest of subsets(frames, k - 1, first + 1)) result.push([first, ...rest]);
  }
  return result;
}

/** From the definition: linear interpolation between kept frames, the nearest one beyond the ends. */
function errorByDefinition(thumbnails: readonly Float32Array[], kept: readonly number[]): number {
  let error = 0;
  thumbnails.forEach((frame, t) => {
    const after = kept.find((index) => index >= t) ?? kept[kept.length - 1] ?? 0;
    const before = kept.findLast((index) => index <= t) ?? after;
    const share = after === before ? 0 : (t - before) / (after - before);
    const [a, b] = [thumbnails[before], thumbnails[after]];
    frame.forEach((value, i) => {
      error += (value - (1 - share) * (a?.[i] ?? 0) - share * (b?.[i] ?? 0)) ** 2;
    });
  });
  return error;
}

describe('rebuild costs', () => {
  it('are the errors that the definition gives', () => {
    const thumbnails = randomSeries(9, 3);
    const costs = costsOf(thumbnails);
    for (const kept of [[0], [4], [8], [1, 7], [0, 8], [0, 3, 4, 8], [2, 5, 6]]) {
      const expected = errorByDefinition(thumbnails, kept);
      expect(Math.abs(selectionCost(costs, Int32Array.from(kept)) / expected - 1)).toBeLessThan(1e-9);
    }
    expect(selectionCost(costs, selectUniform(9, 9))).toBe(0);
  });

  it('are the same without the kernel', () => {
    const features = featuresFromThumbnails(randomSeries(12, 5));
    const simd = rebuildCosts(features, kernel);
    const plain = rebuildCosts(features, null);
    simd.between.forEach((cost, i) => {
      expect(Math.abs(cost - (plain.between[i] ?? NaN))).toBeLessThan(1e-9 * plain.total);
    });
  });
});

describe('the optimum', () => {
  it('is the best of all selections', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const frames = 2 + (seed % 8);
      const thumbnails = randomSeries(frames, seed);
      const costs = costsOf(thumbnails);
      const optimum = new RebuildOptimum(costs);
      for (let k = 1; k <= frames; k++) {
        const errors = subsets(frames, k).map((kept) => selectionCost(costs, Int32Array.from(kept)));
        const found = optimum.select(k);
        expect(found).toHaveLength(k);
        expect(selectionCost(costs, found)).toBeCloseTo(Math.min(...errors), 6);
      }
    }
  });

  it('is never worse than descent from anywhere, and descent never worse than its start', () => {
    const costs = costsOf(randomSeries(60, 11));
    const next = randomSource(2);
    for (const k of [1, 2, 7, 20, 45, 60]) {
      const least = selectionCost(costs, new RebuildOptimum(costs).select(k));
      for (let trial = 0; trial < 5; trial++) {
        const order = Array.from({ length: 60 }, (_, t) => ({ t, key: next() })).sort(
          (a, b) => a.key - b.key,
        );
        const start = Int32Array.from(order.slice(0, k), ({ t }) => t).sort();
        const moved = selectionCost(costs, descend(costs, start));
        expect(moved).toBeLessThanOrEqual(selectionCost(costs, start));
        expect(least).toBeLessThanOrEqual(moved * (1 + 1e-9));
      }
    }
  });

  it('is the same whichever other lengths were asked for before', () => {
    const costs = costsOf(randomSeries(50, 4));
    const asked = new RebuildOptimum(costs);
    for (const k of [13, 1, 50, 2, 37, 13])
      expect(asked.select(k)).toEqual(new RebuildOptimum(costs).select(k));
  });

  it('handles a constant series, where every selection is as good', () => {
    const costs = costsOf(Array.from({ length: 8 }, () => new Float32Array(1024).fill(5)));
    const selection = new RebuildOptimum(costs).select(3);
    expect(new Set(selection).size).toBe(3);
    const judged = { result: selection, optimal: selection, proposal: selection };
    expect(rebuildQuality(costs, judged)).toStrictEqual({
      error: 0,
      uniform: 0,
      optimal: 0,
      gain: null,
      proposalGain: null,
    });
  });

  it.runIf(pythonHas('numpy'))('agrees with numpy on 80 frames', () => {
    const thumbnails = randomSeries(80, 21);
    const costs = costsOf(thumbnails);
    for (const k of [5, 20, 40]) {
      const selections = [selectUniform(80, k), new RebuildOptimum(costs).select(k)];
      const judged = askJudge('selection.py', {
        thumbnails: thumbnails.map((frame) => Array.from(frame)),
        k,
        selections: selections.map((selection) => Array.from(selection)),
      }) as { errors: number[]; optimal: number };
      const found = selections.map((selection) => selectionCost(costs, selection) / costs.total);
      found.forEach((error, i) => {
        expect(Math.abs(error / (judged.errors[i] ?? NaN) - 1)).toBeLessThan(1e-6);
      });
      expect(Math.abs((found[1] ?? NaN) / judged.optimal - 1)).toBeLessThan(1e-6);
    }
  });
});

describe('the polish', () => {
  it('is never worse than uniform and reports what it gained', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const features = featuresFromThumbnails(randomSeries(40, seed));
      const {
        indices,
        quality,
        keptContributions: kept,
      } = polish(new RebuildOptimum(rebuildCosts(features, kernel)), Int32Array.of(0, 1, 2, 3, 4));
      expect(indices).toHaveLength(5);
      expect(quality?.error).toBeLessThanOrEqual(quality?.uniform ?? -1);
      expect(quality?.gain).toBeCloseTo(1, 9);
      expect(quality?.proposalGain).toBeLessThan(0);
      expect(kept?.every((growth) => growth >= -1e-9)).toBe(true);
    }
  });

  it('keeps a series evenly that any frames rebuild', () => {
    const features = featuresFromThumbnails(Array.from({ length: 12 }, () => new Float32Array(1024).fill(7)));
    const { indices, quality } = polish(
      new RebuildOptimum(rebuildCosts(features, kernel)),
      Int32Array.of(0, 1, 2),
    );
    expect(indices).toEqual(selectUniform(12, 3));
    expect(quality).toMatchObject({ error: 0, uniform: 0, gain: null });
  });

  it('says of each kept frame how much the error grows without it', () => {
    const costs = costsOf(randomSeries(15, 8));
    const selection = Int32Array.of(1, 6, 7, 12);
    const growth = keptContributions(costs, selection);
    const error = selectionCost(costs, selection);
    selection.forEach((frame, slot) => {
      const without = selectionCost(
        costs,
        selection.filter((other) => other !== frame),
      );
      expect(growth[slot]).toBeCloseTo((without - error) / costs.total, 5);
    });
  });
});
