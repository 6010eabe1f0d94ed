import { describe, expect, it } from 'vitest';
import { FEATURE_COUNT, FEATURE_NAMES, type FrameFeatures } from '../../../../src/contract/sampling.ts';
import { samplerContext } from '../../../../src/ml/samplers/context.ts';
import { contributions, rowsWithoutGroups } from '../../../../src/ml/samplers/contributions.ts';
import { createSampler } from '../../../../src/ml/samplers/createSampler.ts';
import {
  GAP_COUNT,
  GAP_GROUPS,
  gapOctave,
  SeriesGaps,
  withGapFeatures,
} from '../../../../src/ml/samplers/gapFeatures.ts';
import type { ScoreGraph } from '../../../../src/ml/samplers/scoreGraph.ts';
import { discSeries, featuresFromThumbnails, featuresOf } from '../../../fixtures/featureSeries.ts';

const PIXELS = 1024;
const COLUMNS_OF_A_FRAME = (GAP_COUNT - 1) / 3;

/** One thumbnail, in double precision. */
const picture = ({ thumbnails }: FrameFeatures, t: number): number[] =>
  Array.from(thumbnails.subarray(t * PIXELS, (t + 1) * PIXELS));

const squaredDistance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, pixel) => sum + (value - (b[pixel] ?? NaN)) ** 2, 0);

/** What a frame is worth over a span, in the order of the columns, before logarithm and z-score. */
function spanned(features: FrameFeatures, t: number, span: number): number[] {
  const [i, j] = [Math.max(0, t - span), Math.min(features.frames.length - 1, t + span)];
  const [here, before, after] = [picture(features, t), picture(features, i), picture(features, j)];
  const share = (t - i) / (j - i);
  const line = before.map((value, pixel) => (1 - share) * value + share * (after[pixel] ?? NaN));
  return [squaredDistance(here, before), squaredDistance(after, here), squaredDistance(here, line)];
}

describe('gap features', () => {
  const features = featuresOf(discSeries(24, 6));

  it('are change and curvature of the thumbnails over half, one and two gaps, z-scored logarithms', () => {
    const octave = 2;
    const { columns, anchor } = new SeriesGaps(features).at(octave);
    const all = Array.from({ length: 24 }, (_, t) => picture(features, t));
    const mean = picture(features, 0).map(
      (_, p) => all.reduce((sum, frame) => sum + (frame[p] ?? NaN), 0) / 24,
    );
    const variance = all.reduce((sum, frame) => sum + squaredDistance(frame, mean), 0) / 24;
    const inner = Array.from({ length: 24 }, (_, t) => Math.min(22, Math.max(1, t)));
    [2, 4, 8].forEach((span, place) => {
      for (let kind = 0; kind < 3; kind++) {
        const logs = inner.map((t) => Math.log((spanned(features, t, span)[kind] ?? NaN) / variance + 1e-6));
        const middle = logs.reduce((sum, value) => sum + value, 0) / 24;
        const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - middle) ** 2, 0) / 24);
        logs.forEach((value, t) => {
          const column = place * 3 + kind;
          const z = (value - middle) / (deviation + 1e-6);
          expect(columns[t * GAP_COUNT + column]).toBeCloseTo(z, 4);
          if (t > 0) expect(columns[(t - 1) * GAP_COUNT + 2 * COLUMNS_OF_A_FRAME + column]).toBeCloseTo(z, 4);
          if (t < 23) expect(columns[(t + 1) * GAP_COUNT + COLUMNS_OF_A_FRAME + column]).toBeCloseTo(z, 4);
          if (place === 0 && kind === 2) expect(anchor.values[t]).toBeCloseTo(0.4 * (value - middle), 4);
        });
      }
    });
    expect(columns[GAP_COUNT - 1]).toBe(octave - 2);
  });

  it('say nothing of a constant series and of one too short to bend, and are numbers for any length', () => {
    const flat = new Float32Array(PIXELS).fill(3);
    for (const length of [1, 2, 3, 7]) {
      const { columns, anchor } = new SeriesGaps(
        featuresFromThumbnails(new Array<Float32Array>(length).fill(flat)),
      ).at(1);
      for (let t = 0; t < length; t++)
        expect(columns.subarray(t * GAP_COUNT, (t + 1) * GAP_COUNT - 1).every((value) => value === 0)).toBe(
          true,
        );
      expect(new Set(anchor.values).size).toBe(1);
    }
    for (const length of [1, 2, 3, 5])
      for (let k = 1; k <= length; k++) {
        const { columns, anchor } = new SeriesGaps(featuresOf(discSeries(length, 2))).at(
          gapOctave(length, k),
        );
        expect(columns).toHaveLength(length * GAP_COUNT);
        expect([...columns, ...anchor.values].every(Number.isFinite)).toBe(true);
      }
  });

  it('are the same for all k whose gaps have one octave', () => {
    expect([128, 64, 32, 12].map((k) => gapOctave(128, k))).toEqual([0, 1, 2, 3]);
    expect(gapOctave(100, 30)).toBe(gapOctave(100, 20));
  });
});

describe('a sampler that is told gaps', () => {
  const features = featuresOf(discSeries(40, 3));
  const config = {
    name: 'das',
    base: 'learned',
    features: 'handcrafted',
    position: true,
    gaps: true,
    sampling: 'systematic',
    heads: 1,
    tau0: 1,
  } as const;
  const weightOf = (column: number): number => Math.sin(3 * column + 1) / 4;
  const raw = ({ perFrame, anchor }: { perFrame: Float32Array; anchor: Float32Array }): number[] => {
    const width = perFrame.length / anchor.length;
    return Array.from(anchor, (start, t) =>
      perFrame
        .subarray(t * width, (t + 1) * width)
        .reduce((sum, v, column) => sum + weightOf(column) * v, start),
    );
  };
  const zScored = (values: readonly number[]): Float32Array => {
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length + 1e-6);
    return Float32Array.from(values, (v) => (v - mean) / deviation);
  };
  const score: ScoreGraph = (inputs, k) => {
    const base = zScored(raw(inputs));
    return Promise.resolve({ base, logits: new Float32Array(k * base.length), temperature: 1 });
  };

  it('asks its graph once for an octave of gaps, and scores frames otherwise in another', async () => {
    let asked = 0;
    const counting: ScoreGraph = (inputs, k) => {
      asked++;
      return score(inputs, k);
    };
    const das = createSampler('das', { config, score: counting, rebuilds: true, kernel: null });
    const first = await das.select(features, 10);
    const once = asked;
    expect((await das.select(features, 12)).base).toStrictEqual(first.base);
    expect(asked).toBe(once);
    const finer = await das.select(features, 20);
    expect(asked).toBe(2 * once);
    expect(finer.base).not.toStrictEqual(first.base);
    expect(await das.select(features, 10)).toStrictEqual(first);
    expect(asked).toBe(2 * once);
  });

  it('explains a score by feature groups over every distance; the octave belongs to none', async () => {
    const seen = new SeriesGaps(features).at(2);
    const context = samplerContext(features, config);
    const inputs = withGapFeatures({ ...context, anchor: seen.anchor.values }, seen);
    const width = inputs.perFrame.length / 40;
    const scores = await score(inputs, 1);
    const found = await contributions(rowsWithoutGroups(inputs, seen.anchor, config), scores, score, 1);
    const bare = FEATURE_COUNT * 3;
    const owners = [
      ...Array.from({ length: bare }, (_, column) => column % FEATURE_COUNT),
      FEATURE_COUNT,
      FEATURE_COUNT,
      ...GAP_GROUPS,
    ];
    expect(owners).toHaveLength(width);
    const values = raw(inputs);
    const mean = values.reduce((sum, v) => sum + v, 0) / 40;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 40 + 1e-6);
    const curvature = FEATURE_NAMES.indexOf('curvature');
    for (let t = 0; t < 40; t++)
      for (let group = 0; group <= FEATURE_COUNT; group++) {
        let lost = group === curvature ? (seen.anchor.values[t] ?? NaN) - seen.anchor.neutral : 0;
        owners.forEach((owner, column) => {
          if (owner === group) lost += weightOf(column) * (inputs.perFrame[t * width + column] ?? NaN);
        });
        expect(found[t * (FEATURE_COUNT + 1) + group]).toBeCloseTo(lost / deviation, 3);
      }
  });
});
