import { describe, expect, it } from 'vitest';
import type { Card } from '../../../../src/contract/card.ts';
import { FEATURE_COUNT, FEATURE_NAMES, type SamplerName } from '../../../../src/contract/sampling.ts';
import { curvatureAnchor } from '../../../../src/ml/samplers/anchor.ts';
import { contributions, rowsWithoutGroups } from '../../../../src/ml/samplers/contributions.ts';
import { samplerContext } from '../../../../src/ml/samplers/context.ts';
import { createSampler } from '../../../../src/ml/samplers/createSampler.ts';
import { samplingMatrix } from '../../../../src/ml/samplers/samplingMatrix.ts';
import type { ScoreGraph, ScoreInputs } from '../../../../src/ml/samplers/scoreGraph.ts';
import { selectTopK } from '../../../../src/ml/samplers/selectTopK.ts';
import { discSeries, featuresOf } from '../../../fixtures/featureSeries.ts';

const features = featuresOf(discSeries(20, 6));
const frames = 20;

/** A sampler graph by hand: anchor + weights · perFrame, z-scored; every slot twice as sharp as the one before. */
function linearScores(weights: (column: number) => number): ScoreGraph {
  return ({ perFrame, anchor }, k) => {
    const width = perFrame.length / anchor.length;
    const raw = rawScores({ perFrame, anchor }, width, weights);
    const mean = raw.reduce((sum, v) => sum + v, 0) / raw.length;
    const deviation = Math.sqrt(raw.reduce((sum, v) => sum + (v - mean) ** 2, 0) / raw.length + 1e-6);
    const base = Float32Array.from(raw, (v) => (v - mean) / deviation);
    const logits = new Float32Array(k * base.length);
    for (let slot = 0; slot < k; slot++)
      logits.set(
        base.map((v) => v * 2 ** slot),
        slot * base.length,
      );
    return Promise.resolve({ base, logits, temperature: 1.25 });
  };
}

function rawScores(
  { perFrame, anchor }: Pick<ScoreInputs, 'perFrame' | 'anchor'>,
  width: number,
  weights: (column: number) => number,
): number[] {
  return Array.from(anchor, (start, t) =>
    perFrame
      .subarray(t * width, (t + 1) * width)
      .reduce((sum, v, column) => sum + weights(column) * v, start),
  );
}

const weightOf = (column: number): number => Math.sin(3 * column + 1) / 4;
const score = linearScores(weightOf);

const config = (sampling: Card['sampler']['sampling']): Card['sampler'] => ({
  name: 'das',
  base: 'learned',
  features: 'handcrafted',
  position: true,
  sampling,
  heads: 4,
  tau0: 1,
});

const sampler = (name: SamplerName, sampling: Card['sampler']['sampling'] = 'topk') =>
  createSampler(name, { config: config(sampling), score, rebuilds: sampling === 'systematic', kernel: null });

describe('every sampler', () => {
  it.each(['das', 'random', 'uniform', 'variance', 'optimal'] as const)(
    '%s keeps k ascending, distinct frames and scores all of them',
    async (name) => {
      for (const k of [1, 2, 9, 19, 20]) {
        const { indices, scores } = await sampler(name).select(features, k, { seed: 3 });
        expect(indices).toHaveLength(k);
        expect(
          indices.every((frame, slot) => frame < frames && (slot === 0 || frame > (indices[slot - 1] ?? -1))),
        ).toBe(true);
        expect(scores).toHaveLength(frames);
        expect(scores.every((value) => value >= 0 && value <= 1)).toBe(true);
      }
    },
  );

  it.each(['das', 'full', 'random', 'uniform', 'variance', 'optimal'] as const)(
    '%s handles a series of one frame',
    async (name) => {
      for (const sampling of ['topk', 'systematic'] as const) {
        const selection = await sampler(name, sampling).select(featuresOf(discSeries(1, 1)), 1, {
          seed: 1,
          matrix: true,
        });
        expect(selection.indices).toStrictEqual(Int32Array.of(0));
        expect(selection.scores.every(Number.isFinite)).toBe(true);
      }
    },
  );

  it.each(['dps', 'adps'] as const)('%s says that it needs weights', (name) => {
    expect(() => sampler(name)).toThrow(expect.objectContaining({ code: 'SAMPLER_NOT_APPLICABLE' }));
  });

  it('random depends on the seed alone', async () => {
    const draw = async (seed: number) =>
      Array.from((await sampler('random').select(features, 6, { seed })).indices);
    expect(await draw(4)).toStrictEqual(await draw(4));
    const draws = await Promise.all(Array.from({ length: 12 }, (_, seed) => draw(seed)));
    expect(new Set(draws.map(String)).size).toBeGreaterThan(10);
  });

  it('full keeps every frame', async () => {
    expect((await sampler('full').select(features, 3)).indices).toHaveLength(frames);
  });
});

describe('DAS', () => {
  it('keeps the k largest base scores and shows them from 0 to 1', async () => {
    const { indices, base, scores, temperature, proposal } = await sampler('das').select(features, 7);
    if (base === undefined) throw new Error('DAS gives its base scores');
    expect(indices).toStrictEqual(selectTopK(base, 7).indices);
    expect([Math.min(...scores), Math.max(...scores)]).toStrictEqual([0, 1]);
    expect(temperature).toBe(1.25);
    expect(proposal).toBeUndefined();
  });

  it.each(['base', 'logits', 'temperature'] as const)(
    'is not applicable where the graph gives a %s that is no number',
    async (output) => {
      const broken: ScoreGraph = async (inputs, k) => {
        const outputs = await score(inputs, k);
        if (output === 'temperature') return { ...outputs, temperature: NaN };
        return { ...outputs, [output]: outputs[output].map((value, i) => (i === 3 ? Infinity : value)) };
      };
      const das = createSampler('das', {
        config: config('topk'),
        score: broken,
        rebuilds: false,
        kernel: null,
      });
      await expect(das.select(features, 4)).rejects.toMatchObject({ code: 'SAMPLER_NOT_APPLICABLE' });
    },
  );

  it.each(['topk', 'systematic'] as const)(
    'chooses at another k, and from another series, what it would have chosen at once (%s)',
    async (sampling) => {
      const das = sampler('das', sampling);
      const other = featuresOf(discSeries(20, 4));
      for (const [series, k] of [
        [features, 9],
        [features, 3],
        [other, 5],
        [features, 5],
      ] as const)
        expect(await das.select(series, k)).toStrictEqual(await sampler('das', sampling).select(series, k));
    },
  );

  it('asks the graph once for all k, and again after it failed', async () => {
    let asked = 0;
    const counting: ScoreGraph = (inputs, k) => {
      asked++;
      return asked === 1 ? Promise.reject(new Error('cancelled')) : score(inputs, k);
    };
    const das = createSampler('das', {
      config: config('topk'),
      score: counting,
      rebuilds: false,
      kernel: null,
    });
    await expect(das.select(features, 4)).rejects.toThrow('cancelled');
    await das.select(features, 4);
    const once = asked;
    await das.select(features, 9);
    expect(asked).toBe(once);
  });

  it('polishes a systematic proposal and keeps it beside the result', async () => {
    const selection = await sampler('das', 'systematic').select(features, 5);
    expect(selection.proposal).toHaveLength(5);
    expect(selection.quality?.gain).toBeCloseTo(1, 9);
    expect(selection.quality?.error).toBeLessThanOrEqual(selection.quality?.uniform ?? -1);
    expect(selection.keptContributions).toHaveLength(5);
    expect(Math.max(...selection.scores)).toBe(1);
  });

  it('contributions are what a score loses when one group of features is gone', async () => {
    const { perFrame, pooled } = samplerContext(features, { features: 'handcrafted', position: true });
    const anchor = curvatureAnchor(features);
    const neutral = anchor.reduce((sum, v) => sum + v, 0) / frames;
    const inputs = { perFrame, pooled, thumbnails: null, anchor };
    const feature = FEATURE_NAMES.indexOf('curvature');
    const scores = await score(inputs, 1);
    const rows = rowsWithoutGroups(inputs, { feature, neutral }, { position: true });
    const found = await contributions(rows, scores, score, 1);
    const width = perFrame.length / frames;
    const raw = rawScores(inputs, width, weightOf);
    const mean = raw.reduce((sum, v) => sum + v, 0) / frames;
    const deviation = Math.sqrt(raw.reduce((sum, v) => sum + (v - mean) ** 2, 0) / frames + 1e-6);
    expect(found).toHaveLength(frames * (FEATURE_COUNT + 1));
    for (let t = 0; t < frames; t++) {
      for (let group = 0; group <= FEATURE_COUNT; group++) {
        let lost = group === feature ? (anchor[t] ?? NaN) - neutral : 0;
        for (let column = 0; column < width; column++) {
          const owner = column < 3 * FEATURE_COUNT ? column % FEATURE_COUNT : FEATURE_COUNT;
          if (owner === group) lost += weightOf(column) * (perFrame[t * width + column] ?? NaN);
        }
        expect(found[t * (FEATURE_COUNT + 1) + group]).toBeCloseTo(lost / deviation, 3);
      }
    }
  });
});

describe('the sampling matrix', () => {
  it('has rows that add up to 1, each without the frames of earlier slots', () => {
    const logits = Float32Array.of(3, 1, 2, 0, 3, 1, 2, 0, 3, 1, 2, 0);
    const matrix = samplingMatrix(logits, 3, 1);
    const rows = [0, 1, 2].map((slot) => Array.from(matrix.subarray(4 * slot, 4 * slot + 4)));
    for (const row of rows) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    // Slots take the frames 0, 2, 1 in turn; rows are in the order of the frames.
    expect(rows.map((row) => row.indexOf(Math.max(...row)))).toStrictEqual([0, 1, 2]);
    expect(rows[1]?.[0]).toBe(0);
    expect(rows[1]?.[2]).toBe(0);
    expect(rows[2]?.[0]).toBe(0);
    expect(rows[2]?.[1]).toBeCloseTo(Math.exp(1) / (Math.exp(1) + Math.exp(2) + 1), 6);
  });

  it('is sharper at a lower temperature', () => {
    const logits = Float32Array.of(1, 0, 0);
    expect(samplingMatrix(logits, 1, 0.5)[0]).toBeGreaterThan(samplingMatrix(logits, 1, 1.5)[0] ?? 1);
  });
});

describe('the context of the heads', () => {
  it('tells unlike series apart', () => {
    const other = samplerContext(featuresOf(discSeries(20, 9, 64)), {
      features: 'handcrafted',
      position: true,
    });
    const { pooled, perFrame } = samplerContext(features, { features: 'handcrafted', position: true });
    expect(pooled).toHaveLength(28);
    expect(pooled[27]).toBeCloseTo(Math.log(20), 6);
    expect(pooled.some((value, i) => Math.abs(value - (other.pooled[i] ?? NaN)) > 1e-3)).toBe(true);
    expect(perFrame).toHaveLength(20 * 29);
    expect(perFrame.slice(0, 9)).toStrictEqual(perFrame.slice(9, 18));
    expect(Array.from(perFrame.slice(-2))).toStrictEqual([1, 0]);
  });
});
