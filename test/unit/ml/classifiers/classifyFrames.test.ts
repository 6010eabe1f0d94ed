import { expect, test } from 'vitest';
import { classifyBatches, classifyFrames } from '../../../../src/ml/classifiers/classifyFrames.ts';
import { normalizeFrames, partOfStack } from '../../../../src/ml/classifiers/normalizeFrames.ts';
import { softmax } from '../../../../src/ml/classifiers/softmax.ts';
import type { Tensor } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { POOLED_FEATURES } from '../../../../src/ml/networks/mobileNetV3Small.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { FIXTURE_GRAPHS, fixtureCard } from '../../../fixtures/packageFolder.ts';

const CARD = fixtureCard('classifier');
const never = (): boolean => false;

function frames(count: number): Tensor {
  const random = seededRandom(4);
  const data = Float32Array.from({ length: count * 784 }, random);
  return { type: 'float32', dims: [count, 1, 28, 28], data };
}

test('batches carry the mean along: as good as one run over all frames', async () => {
  const engine = await onnxRuntimeEngine('cpu', 1);
  const session = await engine.createSession(FIXTURE_GRAPHS.classifier);
  for (const count of [1, 8, 19]) {
    const all = frames(count);
    const carry: Tensor = {
      type: 'float32',
      dims: [1, POOLED_FEATURES],
      data: new Float32Array(POOLED_FEATURES),
    };
    const share: Tensor = { type: 'float32', dims: [1], data: Float32Array.of(1 / count) };
    const { logits } = await session.run({ frames: all, carry, share });
    const batched = await classifyFrames(session, all, never);
    batched.forEach((logit, i) => {
      expect(logit).toBeCloseTo(Number(logits?.data[i]), 4);
    });
  }
  await session.release();
});

test('a cancel is seen before the next batch', async () => {
  const engine = await onnxRuntimeEngine('cpu', 1);
  const session = await engine.createSession(FIXTURE_GRAPHS.classifier);
  const sizes: number[] = [];
  const all = frames(30);
  const batchAt = (first: number, size: number): Tensor => {
    sizes.push(size);
    return { ...all, dims: [size, 1, 28, 28], data: all.data.slice(first * 784, (first + size) * 784) };
  };
  await expect(classifyBatches(session, 30, batchAt, () => sizes.length === 2)).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  expect(sizes).toEqual([8, 8]);
  await session.release();
});

const stack = { count: 1, rows: 28, columns: 28, samples: 1 } as const;

test('a mask becomes 0 and 1, whatever its foreground is', () => {
  const values = Float32Array.from({ length: 784 }, (_, i) => (i % 3 === 0 ? 255 : 0));
  const { data, dims } = normalizeFrames(CARD, { ...stack, values });
  expect(dims).toEqual([1, 1, 28, 28]);
  expect([...data.slice(0, 4)]).toEqual([1, 0, 0, 1]);
});

test('grey values are clamped to the window, then centred and scaled; padding is its lower end', () => {
  const card = fixtureCard('grey', {
    input: { ...CARD.input, window: { center: 50, width: 100 } },
    scope: { ...CARD.scope, pixels: { kind: 'grey', values: null } },
    classifier: { name: 'x', normalization: { mean: [25], deviation: [5] } },
  });
  const values = new Float32Array(784).fill(30);
  values.set([-1000, 3000, NaN, Infinity]);
  const { data } = normalizeFrames(card, { ...stack, values });
  expect([...data.slice(0, 5)]).toEqual([-5, 15, -5, -5, 1]);
});

test('colour is taken apart into planes; grey frames fill all three', () => {
  const card = fixtureCard('colour', {
    input: { ...CARD.input, channels: 3 },
    scope: { ...CARD.scope, pixels: { kind: 'grey', values: null } },
    classifier: { name: 'x', normalization: { mean: [0, 1, 2], deviation: [1, 1, 2] } },
  });
  const values = Float32Array.from({ length: 3 * 784 }, (_, i) => i % 3);
  const colour = normalizeFrames(card, { ...stack, samples: 3, values });
  expect([0, 784, 1568].map((at) => colour.data[at])).toEqual([0, 0, 0]);
  const grey = normalizeFrames(card, { ...stack, values: new Float32Array(784).fill(4) });
  expect([0, 784, 1568].map((at) => grey.data[at])).toEqual([4, 3, 1]);
});

test('frames of another size, or coloured ones for a grey classifier, are refused', () => {
  const refused = { code: 'PACKAGE_INVALID' };
  const size = { ...stack, rows: 14, columns: 56, values: new Float32Array(784) };
  expect(() => normalizeFrames(CARD, size)).toThrow(expect.objectContaining(refused));
  const colour = { ...stack, samples: 3 as const, values: new Float32Array(3 * 784) };
  expect(() => normalizeFrames(CARD, colour)).toThrow(expect.objectContaining(refused));
});

test('a part of a stack is those frames', () => {
  const values = Float32Array.from({ length: 5 * 784 }, (_, i) => Math.floor(i / 784));
  const part = partOfStack({ ...stack, count: 5, values }, 2, 2);
  expect([part.count, part.values[0], part.values.at(-1), part.values.length]).toEqual([2, 2, 3, 2 * 784]);
});

test('softmax sums to one and survives large logits', () => {
  const [first = 0, second = 0] = softmax(Float32Array.of(1000, 1000 - Math.LN2));
  expect(first + second).toBeCloseTo(1, 12);
  expect(first / second).toBeCloseTo(2, 3);
});
