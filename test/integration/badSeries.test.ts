import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame, StoredArray } from '../../src/contract/frame.ts';
import { SAMPLER_NAMES } from '../../src/contract/sampling.ts';
import { InferenceService } from '../../src/app/inferenceService.ts';
import type { FrameStack } from '../../src/ml/classifiers/normalizeFrames.ts';
import { chooseEngine } from '../../src/ml/engines/chooseEngine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { seededRandom } from '../../src/ml/seededRandom.ts';
import { linear } from '../fixtures/featureFrames.ts';
import { featuresOf } from '../fixtures/featureSeries.ts';
import { frameOf } from '../fixtures/frames.ts';
import { writeGoldenPackage } from '../fixtures/goldenPackage.ts';
import { fixtureCard } from '../fixtures/packageFolder.ts';
import { type SamplerSet, samplerSet } from '../fixtures/samplerSet.ts';
import { expectSelection } from '../support/expectSelection.ts';
import { compileFeatureKernel } from '../support/featureKernel.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const SIDE = 28;
const random = seededRandom(12);
const kernel = compileFeatureKernel();

/** Noise, of which a share of pixels is replaced. */
function spoilt(value: number, share: number, make: (values: number[]) => StoredArray): (t: number) => Frame {
  return () => {
    const values = Array.from({ length: SIDE * SIDE }, () => (random() < share ? value : 100 * random()));
    return frameOf(SIDE, SIDE, make(values));
  };
}

const float32 = (values: number[]): Float32Array => Float32Array.from(values);
const float64 = (values: number[]): Float64Array => Float64Array.from(values);
const integers = (length: number, modulus: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31) % modulus);

/** Frame t of a series of which something is wrong, or at least unusual. */
const SERIES: readonly { name: string; count: number; frame: (t: number) => Frame }[] = [
  { name: 'a third of the pixels NaN', count: 9, frame: spoilt(NaN, 0.3, float32) },
  { name: 'some pixels infinite', count: 9, frame: spoilt(Infinity, 0.1, float32) },
  { name: 'some pixels minus infinite', count: 9, frame: spoilt(-Infinity, 0.1, float64) },
  { name: 'pixels at the end of single precision', count: 9, frame: spoilt(-3.4e38, 0.2, float32) },
  { name: 'pixels beyond single precision', count: 9, frame: spoilt(1e90, 0.2, float64) },
  {
    name: 'tiny pixels',
    count: 9,
    frame: (t) => frameOf(SIDE, SIDE, new Float64Array(784).fill(1e-300 * t)),
  },
  { name: 'one frame', count: 1, frame: () => frameOf(SIDE, SIDE, integers(784, 200)) },
  { name: 'one frame of one value', count: 1, frame: () => frameOf(SIDE, SIDE, new Uint8Array(784)) },
  { name: 'all black', count: 12, frame: () => frameOf(SIDE, SIDE, new Uint8Array(784)) },
  { name: 'all black in floats', count: 12, frame: () => frameOf(SIDE, SIDE, new Float32Array(784)) },
  {
    name: 'one bright pixel in all',
    count: 12,
    frame: (t) => frameOf(SIDE, SIDE, new Uint8Array(784).fill(t === 5 ? 1 : 0, 0, 1)),
  },
  {
    name: 'colours',
    count: 8,
    frame: (t) => frameOf(SIDE, SIDE, integers(3 * 784, 90 + t), { samples: 3 }),
  },
  {
    name: 'an enormous slope',
    count: 6,
    frame: (t) => frameOf(SIDE, SIDE, integers(784, 50 + t), { modality: linear(1e20, 0) }),
  },
  { name: 'a single pixel', count: 5, frame: (t) => frameOf(1, 1, Uint8Array.of(t)) },
];

const long = featuresOf(
  Array.from({ length: 10_000 }, (_, t) =>
    frameOf(
      8,
      8,
      Uint8Array.from({ length: 64 }, (_pixel, i) => (t + i * (t % 7)) % 251),
    ),
  ),
  kernel,
);

let samplers: SamplerSet;
beforeAll(async () => {
  samplers = await samplerSet(await onnxRuntimeEngine('cpu', 1), kernel);
});
afterAll(() => samplers.close());

describe.each(SAMPLER_NAMES)('%s', (name) => {
  it.each(SERIES)('chooses from $name', async ({ count, frame }) => {
    const frames = Array.from({ length: count }, (_, t) => frame(t));
    for (const compute of [kernel, null]) {
      const features = featuresOf(frames, compute);
      expect(features.frames).toHaveLength(count);
      for (const values of [features.scaleFree, features.normalized, features.thumbnails])
        expect(values.every(Number.isFinite)).toBe(true);
      for (const sampling of ['topk', 'systematic'] as const)
        for (const k of new Set([1, Math.ceil(count / 2), count])) {
          const selection = await samplers
            .sampler(name, count, sampling)
            .select(features, k, { seed: 1, matrix: true });
          expectSelection(`${sampling}, ${k}`, selection, name === 'full' ? count : k, count);
        }
    }
  });

  it('chooses from 10,000 frames', async () => {
    const count = long.frames.length;
    const sampler = samplers.sampler(name, count, 'systematic');
    if (name === 'optimal') {
      await expect(sampler.select(long, 100)).rejects.toMatchObject({ code: 'SAMPLER_NOT_APPLICABLE' });
      return;
    }
    const selection = await sampler.select(long, 100, { seed: 1 });
    expectSelection('100 of 10,000', selection, name === 'full' ? count : 100, count);
  });
});

describe('frames that cannot be measured', () => {
  it.each([
    ['NaN', (): Frame => frameOf(SIDE, SIDE, new Float32Array(784).fill(NaN))],
    ['infinite', (): Frame => frameOf(SIDE, SIDE, new Float32Array(784).fill(Infinity))],
    [
      'of a slope that is beyond any number',
      (): Frame => frameOf(SIDE, SIDE, new Uint8Array(784).fill(3), { modality: linear(1e300, 0) }),
    ],
  ])('%s throughout are absent', (_, make) => {
    const good = frameOf(SIDE, SIDE, integers(784, 60));
    for (const compute of [kernel, null]) {
      expect(featuresOf([make(), make()], compute).frames).toHaveLength(0);
      const { frames, scaleFree } = featuresOf([good, make(), good], compute);
      expect([...frames]).toEqual([0, 2]);
      expect(scaleFree.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('the classifier', async () => {
  const parent = temporaryFolder();
  const { scope, input, classifier } = fixtureCard('grey');
  const grey = { ...scope, pixels: { kind: 'grey' as const, values: null } };
  const masks = await writeGoldenPackage(parent, 'masks');
  const windowed = { ...input, window: { center: 50, width: 100 } };
  await writeGoldenPackage(parent, 'windowed', { scope: grey, input: windowed, classifier });
  await writeGoldenPackage(parent, 'open', { scope: grey, classifier });
  await writeGoldenPackage(parent, 'any-size', {
    ...{ scope: grey, classifier },
    input: { ...windowed, resample: 'area' },
  });
  const options = { threads: 1, wasmFolder: null, kernel: null, chooseEngine };
  const service = new InferenceService('onnxruntime:cpu', options, () => false);
  afterAll(() => service.close());

  const stack = (fill: (i: number) => number, shape: Partial<FrameStack> = {}): FrameStack => {
    const whole = { count: 4, rows: SIDE, columns: SIDE, samples: 1 as const, ...shape };
    const length = whole.count * whole.rows * whole.columns * whole.samples;
    return { ...whole, values: Float32Array.from({ length }, (_, i) => fill(i)) };
  };

  async function expectProbabilities(folder: string, frames: FrameStack): Promise<void> {
    const classes = await service.classify({ folder: join(parent, folder), stack: frames });
    expect(classes).toHaveLength(2);
    expect(classes.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(classes[0]! + classes[1]!).toBeCloseTo(1, 12);
  }

  it.each(['masks', 'windowed', 'open', 'any-size'])(
    'of %s gives probabilities of what is no number',
    async (id) => {
      expect(masks).toBe(join(parent, 'masks'));
      for (const value of [NaN, Infinity, -Infinity, 0]) {
        await expectProbabilities(
          id,
          stack(() => value),
        );
        await expectProbabilities(
          id,
          stack((i) => (i % 3 === 0 ? value : i % 100)),
        );
        await expectProbabilities(
          id,
          stack(() => value, { count: 1 }),
        );
      }
    },
  );

  it('clamps what is too large to its window, and says so where there is none', async () => {
    const large = stack((i) => (i % 3 === 0 ? 3e38 : -3e38));
    await expectProbabilities('windowed', large);
    await expectProbabilities('any-size', large);
    await expect(service.classify({ folder: join(parent, 'open'), stack: large })).rejects.toMatchObject({
      code: 'PACKAGE_INVALID',
    });
  });

  it('takes colours only where the card resamples them to grey', async () => {
    const colours = stack((i) => i % 100, { samples: 3 });
    await expectProbabilities('any-size', colours);
    for (const id of ['masks', 'windowed'])
      await expect(service.classify({ folder: join(parent, id), stack: colours })).rejects.toMatchObject({
        code: 'PACKAGE_INVALID',
      });
  });

  it('takes 10,000 frames in batches', async () => {
    await expectProbabilities(
      'any-size',
      stack((i) => i % 97, { count: 10_000, rows: 4, columns: 4 }),
    );
  });
});
