import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FrameFeatures, SAMPLER_NAMES } from '../../../../src/contract/sampling.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { featuresOf } from '../../../fixtures/featureSeries.ts';
import { frameOf } from '../../../fixtures/frames.ts';
import { randomSeries } from '../../../fixtures/randomSeries.ts';
import { type SamplerSet, samplerSet } from '../../../fixtures/samplerSet.ts';
import { expectSelection } from '../../../support/expectSelection.ts';

let samplers: SamplerSet;
beforeAll(async () => {
  samplers = await samplerSet(await onnxRuntimeEngine('cpu', 1));
});
afterAll(() => samplers.close());

/** Frames of a random series, as many as are wanted. */
function noisyFeatures(frames: number): FrameFeatures {
  return featuresOf(
    randomSeries(1).frames.concat(randomSeries(6).frames, randomSeries(11).frames).slice(0, frames),
  );
}

const constantFeatures = (frames: number): FrameFeatures =>
  featuresOf(Array.from({ length: frames }, () => frameOf(8, 8, new Uint8Array(64).fill(9))));

/** Only DAS knows both. */
const VARIANTS = SAMPLER_NAMES.flatMap((name) =>
  (['topk', 'systematic'] as const)
    .filter((sampling) => sampling === 'topk' || name === 'das')
    .map((sampling) => ({ name, sampling })),
);

describe.each(VARIANTS)('$name ($sampling)', ({ name, sampling }) => {
  async function selectAll(features: FrameFeatures): Promise<void> {
    const frames = features.frames.length;
    const sampler = samplers.sampler(name, frames, sampling);
    for (let k = 1; k <= frames; k++)
      expectSelection(
        `${k} of ${frames}`,
        await sampler.select(features, k, { seed: k, matrix: true }),
        name === 'full' ? frames : k,
        frames,
      );
  }

  it('keeps exactly k distinct frames, for every T up to 12 and every k', async () => {
    for (let frames = 2; frames <= 12; frames++) await selectAll(noisyFeatures(frames));
  });

  it('does so for longer series', async () => {
    for (const frames of [31, 48]) await selectAll(noisyFeatures(frames));
  });

  it('does so of a constant series, and says the same of each of its frames', async () => {
    for (const frames of [1, 2, 3, 9]) {
      const features = constantFeatures(frames);
      await selectAll(features);
      if (name === 'dps' || name === 'adps') continue;
      const { scores } = await samplers.sampler(name, frames, sampling).select(features, 1);
      expect(new Set(scores).size).toBe(1);
    }
  });

  it('refuses k beyond the series', async () => {
    const sampler = samplers.sampler(name, 3, sampling);
    const select = async (k: number): Promise<unknown> => sampler.select(noisyFeatures(3), k);
    for (const k of [0, 4, 1.5, NaN])
      await expect(select(k), String(k)).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

describe('the samplers without weights, each by its own definition', () => {
  const FRAMES = 10;
  const features = noisyFeatures(FRAMES);
  const select = async (name: 'random' | 'uniform' | 'variance', k: number, seed = 0): Promise<number[]> => [
    ...(await samplers.sampler(name, FRAMES).select(features, k, { seed })).indices,
  ];

  it('random keeps every frame, and every pair, as often as any other', async () => {
    const [draws, k] = [4000, 4];
    const single = new Float64Array(FRAMES);
    let neighbours = 0;
    for (let seed = 0; seed < draws; seed++) {
      const kept = await select('random', k, seed);
      for (const frame of kept) single[frame]!++;
      neighbours += kept.filter((frame) => kept.includes(frame + 1)).length;
    }
    // Five standard deviations of a binomial count.
    for (const count of single)
      expect(Math.abs(count / draws - k / FRAMES)).toBeLessThan(5 * Math.sqrt((0.4 * 0.6) / draws));
    const expected = ((FRAMES - 1) * k * (k - 1)) / (FRAMES * (FRAMES - 1));
    expect(Math.abs(neighbours / draws - expected)).toBeLessThan(0.08);
  });

  it('uniform keeps the frame in the middle of each of k equal bins', async () => {
    expect(await select('uniform', 1)).toEqual([5]);
    expect(await select('uniform', 2)).toEqual([2, 7]);
    expect(await select('uniform', 5)).toEqual([1, 3, 5, 7, 9]);
    for (let k = 1; k <= FRAMES; k++) {
      const middles = Array.from({ length: k }, (_, bin) => ((bin + 0.5) * FRAMES) / k);
      (await select('uniform', k)).forEach((frame, bin) => {
        // The frame that the middle of the bin lies in.
        expect(frame <= middles[bin]! && middles[bin]! < frame + 1).toBe(true);
      });
    }
  });

  it('variance keeps the frames whose pixels vary most', async () => {
    const spreads = Array.from({ length: FRAMES }, (_, t) => (t * 7) % FRAMES);
    const frames = spreads.map((spread) =>
      frameOf(
        8,
        8,
        Int16Array.from({ length: 64 }, (_, i) => 100 + (i % 2 === 0 ? spread : -spread)),
      ),
    );
    const { indices } = await samplers.sampler('variance', FRAMES).select(featuresOf(frames), 3);
    expect([...indices]).toEqual([9, 8, 7].map((spread) => spreads.indexOf(spread)).sort((a, b) => a - b));
  });
});
