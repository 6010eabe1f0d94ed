import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { adpsModel } from '../../../../src/ml/networks/inferenceGraphs.ts';
import { sessionRounds } from '../../../../src/ml/packages/sessionRounds.ts';
import { activeSampler } from '../../../../src/ml/samplers/activeSampler.ts';
import { SEEN_COUNT, placeCodes, seenFrames } from '../../../../src/ml/samplers/adpsInputs.ts';
import { createSampler } from '../../../../src/ml/samplers/createSampler.ts';
import { dpsSampler } from '../../../../src/ml/samplers/dpsSampler.ts';
import { type Rounds, roundSizes, takeRounds } from '../../../../src/ml/samplers/takeRounds.ts';
import { AdpsReference } from '../../../fixtures/adpsReference.ts';
import { discSeries, featuresOf } from '../../../fixtures/featureSeries.ts';
import { randomFeatures } from '../../../fixtures/randomFeatures.ts';
import { stepSpec, trainingStep } from '../../../fixtures/trainingStep.ts';

const step = trainingStep(
  stepSpec(1, 2, { kind: 'adps', noise: 1, tau0: 2, rounds: roundSizes('each', 14) }),
  4,
  0.05,
);
const weights = new Map(Object.entries(step.weights).map(([name, { data }]) => [name, data]));
let engine: Engine;
beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
});

const never = (): boolean => false;

describe('rounds', () => {
  it.each([1, 2, 3, 4, 7, 14])('of %d frames add up, with sizes that differ by one at most', (k) => {
    for (const rounds of ['each', 2, 3, 4] as const) {
      const sizes = roundSizes(rounds, k);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(k);
      expect(Math.min(...sizes)).toBeGreaterThan(0);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(sizes).toHaveLength(rounds === 'each' ? k : Math.min(rounds, k));
    }
  });

  it('take the largest free logits, ties to the lower index, and show what was taken', async () => {
    const shares: number[][] = [];
    const logits = Float32Array.of(1, 5, 5, 0, 2);
    const { indices, tie } = await takeRounds(5, [1, 2], (share) => {
      shares.push([...share]);
      return Promise.resolve(logits);
    });
    expect([...indices]).toEqual([1, 2, 4]);
    expect(shares).toEqual([
      [0, 0, 0, 0, 0],
      [0, 1, 0, 0, 0],
    ]);
    expect(tie).toBe(true);
  });
});

describe('A-DPS with weights', () => {
  it.each(['each', 3] as const)('computes what plain double precision does, %s', async (rounds) => {
    const session = await engine.createSession(adpsModel(weights));
    const features = featuresOf(discSeries(20, 6));
    const seen = seenFrames(features);
    const reference = new AdpsReference(weights, seen, 20);
    const start = sessionRounds(session, never);
    const sampler = activeSampler({ start, rounds, tau0: 2 });
    const selection = await sampler.select(features, 7);
    const expected = await takeRounds(20, roundSizes(rounds, 7), (share) =>
      Promise.resolve(Float32Array.from(reference.next([...share]))),
    );
    await session.release();
    expect([...selection.indices]).toEqual([...expected.indices]);
    selection.logits?.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.logits[i]!, 4);
    });
  });

  it('keeps k frames of series of any length, and of a constant one, with finite scores', async () => {
    const session = await engine.createSession(adpsModel(weights));
    for (const rounds of ['each', 2] satisfies Rounds[]) {
      const sampler = activeSampler({ start: sessionRounds(session, never), rounds, tau0: 2 });
      for (const frames of [1, 2, 3, 6, 45]) {
        const constant = { ...randomFeatures(frames, 1) };
        constant.thumbnails.fill(7);
        for (const features of [randomFeatures(frames, frames), constant])
          for (const k of new Set([1, Math.ceil(frames / 2), frames])) {
            const { indices, scores, matrix } = await sampler.select(features, k);
            expect(indices).toHaveLength(k);
            expect(indices.every((t, i) => t < frames && (i === 0 || t > indices[i - 1]!))).toBe(true);
            expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
            expect(matrix?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(k, 4);
          }
      }
    }
    await session.release();
  });

  it('looks at what it took: another picture there changes what is taken next', async () => {
    const session = await engine.createSession(adpsModel(weights));
    const start = sessionRounds(session, never);
    const next = async (value: number): Promise<Float32Array> => {
      const seen = new Float32Array(10 * SEEN_COUNT);
      seen.fill(value, 3 * SEEN_COUNT, 4 * SEEN_COUNT);
      const logits = start({ seen, places: placeCodes(10) });
      await logits(new Float32Array(10));
      return logits(Float32Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0));
    };
    const [dark, light] = [await next(-1), await next(1)];
    await session.release();
    expect(dark.some((value, t) => Math.abs(value - light[t]!) > 1e-3)).toBe(true);
  });
});

describe('DPS with weights', () => {
  const logits = Float32Array.of(0.5, 2, 2, -1, 3);

  it('keeps the same k frames of every series of its length, ties to the lower index', async () => {
    const sampler = dpsSampler({ logits, tau0: 2 });
    for (const seed of [1, 2]) {
      const { indices, scores, tie } = await sampler.select(randomFeatures(5, seed), 2);
      expect([...indices]).toEqual([1, 4]);
      expect(tie).toBe(true);
      expect([...scores]).toEqual([0.375, 0.75, 0.75, 0, 1]);
    }
  });

  it('refuses a series of another length', async () => {
    await expect(dpsSampler({ logits, tau0: 2 }).select(randomFeatures(6, 1), 2)).rejects.toMatchObject({
      code: 'SAMPLER_NOT_APPLICABLE',
    });
  });

  it('comes from createSampler when a package carries the weights', async () => {
    const config = {
      name: 'das',
      base: 'learned',
      features: 'handcrafted',
      position: false,
      sampling: 'topk',
      heads: 4,
      tau0: 1,
    } as const;
    const score = () => Promise.reject(new Error('not DAS'));
    const sampler = createSampler('dps', {
      config,
      score,
      rebuilds: false,
      kernel: null,
      dps: { logits, tau0: 2 },
    });
    expect([...(await sampler.select(randomFeatures(5, 1), 1)).indices]).toEqual([4]);
  });
});
