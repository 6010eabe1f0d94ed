import { describe, expect, it } from 'vitest';
import { FEATURE_COUNT, FEATURE_NAMES } from '../../../../src/contract/sampling.ts';
import { FeatureAccumulator } from '../../../../src/ml/features/featureAccumulator.ts';
import { spatialFeatures } from '../../../../src/ml/features/spatialFeatures.ts';
import { discSeries, featuresOf } from '../../../fixtures/featureSeries.ts';
import { frameOf, randomSource } from '../../../fixtures/frames.ts';

const column = (values: Float32Array, name: (typeof FEATURE_NAMES)[number]): number[] =>
  Array.from(values).filter((_, i) => i % FEATURE_COUNT === FEATURE_NAMES.indexOf(name));

describe('the feature accumulator', () => {
  const frames = discSeries(14, 3);
  const inOrder = featuresOf(frames);

  it('gives the same features whatever the order of arrival', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const next = randomSource(seed);
      const order = frames.map((_, t) => ({ t, key: next() })).sort((a, b) => a.key - b.key);
      expect(
        featuresOf(
          frames,
          null,
          order.map(({ t }) => t),
        ),
      ).toStrictEqual(inOrder);
    }
  });

  it('leaves failed frames out and compares their neighbours with each other', () => {
    const damaged = frames.map((frame, t) => (t === 0 || t === 5 || t === 6 || t === 13 ? null : frame));
    const readable = damaged.filter((frame) => frame !== null);
    for (const order of [
      undefined,
      damaged.map((_, t) => 13 - t),
      [5, 4, 7, 6, 0, 13, 1, 2, 3, 8, 9, 10, 11, 12],
    ]) {
      const found = featuresOf(damaged, null, order);
      expect(Array.from(found.frames)).toStrictEqual([1, 2, 3, 4, 7, 8, 9, 10, 11, 12]);
      expect(found.scaleFree).toStrictEqual(featuresOf(readable).scaleFree);
      expect(found.thumbnails).toStrictEqual(featuresOf(readable).thumbnails);
    }
  });

  it('holds few planes while frames arrive in order', () => {
    const accumulator = new FeatureAccumulator(40);
    const planes: WeakRef<object>[] = [];
    const seen = discSeries(40, 1).map((frame, t) => {
      const spatial = spatialFeatures(frame, null);
      if (spatial !== null) planes.push(new WeakRef(spatial.plane.values));
      return accumulator.add(t, spatial).map((job) => job.frame);
    });
    expect(seen.slice(0, 4)).toStrictEqual([[], [0], [1], [2]]);
    expect(seen.at(-1)).toStrictEqual([38, 39]);
    expect(planes).toHaveLength(40);
  });

  it('shows provisional features of the frames that are complete', () => {
    const accumulator = new FeatureAccumulator(5);
    expect(accumulator.features().frames).toHaveLength(0);
    const [first, second] = frames;
    if (first === undefined || second === undefined) throw new Error('the series has frames');
    accumulator.add(0, spatialFeatures(first, null));
    for (const job of accumulator.add(1, spatialFeatures(second, null))) {
      accumulator.addTemporal(job.frame, { changePrev: 1, changeNext: 1, curvature: null });
    }
    expect(Array.from(accumulator.features().frames)).toStrictEqual([0]);
    expect(accumulator.complete).toBe(false);
  });
});

describe('normalised features', () => {
  it('are z-scores of scale-free features: other units change nothing', () => {
    const frames = discSeries(10, 7);
    const rescaled = frames.map((frame) => ({
      ...frame,
      modality: { kind: 'linear' as const, slope: 37, intercept: -400, unit: null },
    }));
    const [a, b] = [featuresOf(frames), featuresOf(rescaled)];
    a.scaleFree.forEach((value, i) => {
      expect(b.scaleFree[i]).toBeCloseTo(value, 4);
    });
    for (const name of FEATURE_NAMES) {
      const values = column(a.normalized, name);
      expect(values.reduce((sum, v) => sum + v, 0) / values.length).toBeCloseTo(0, 5);
      expect(values.reduce((sum, v) => sum + v * v, 0) / values.length).toBeCloseTo(1, 3);
    }
  });

  it('repeats the only neighbour at the ends', () => {
    const { scaleFree } = featuresOf(discSeries(9, 5));
    const [previous, next, bend] = (['change_prev', 'change_next', 'curvature'] as const).map((name) =>
      column(scaleFree, name),
    );
    expect(previous?.[0]).toBe(next?.[0]);
    expect(next?.[8]).toBe(previous?.[8]);
    expect(bend?.[0]).toBe(bend?.[1]);
    expect(bend?.[8]).toBe(bend?.[7]);
  });

  it.each([1, 2, 6])('are 0 and never NaN for %i frames that are all alike', (count) => {
    const frames = Array.from({ length: count }, () => frameOf(40, 40, new Uint8Array(1600).fill(9)));
    const { scaleFree, normalized } = featuresOf(frames);
    expect(scaleFree).toStrictEqual(new Float32Array(count * FEATURE_COUNT));
    expect(normalized).toStrictEqual(new Float32Array(count * FEATURE_COUNT));
  });

  it('has no change and no curvature where there is one frame', () => {
    const { scaleFree } = featuresOf(discSeries(1, 2));
    for (const name of ['change_prev', 'change_next', 'curvature'] as const) {
      expect(column(scaleFree, name)).toStrictEqual([0]);
    }
    expect(column(scaleFree, 'variance')[0]).toBeGreaterThan(0);
  });
});
