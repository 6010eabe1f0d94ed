import '@tensorflow/tfjs-backend-wasm';
import { describe, expect, test } from 'vitest';
import { classifyFrames } from '../../../../src/ml/classifiers/classifyFrames.ts';
import type { Engine, Tensor } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { tensorflowBackendEngine } from '../../../../src/ml/engines/tensorflow.ts';
import { wasmEngine } from '../../../../src/ml/engines/wasm.ts';
import {
  goldenFrames,
  goldenSamplerInputs,
  type GoldenSubject,
} from '../../../../src/ml/packages/goldenInputs.ts';
import { modelGraphs } from '../../../fixtures/modelGraphs.ts';

const FRAMES = 21;
const KEPT = 9;
const CLASSIFIER = { channels: 1, height: 28, width: 28, classes: 3, stemStride: 1 } as const;
const SUBJECT: GoldenSubject = {
  input: { kind: 'series', channels: 1, size: [28, 28], spacingMm: null, window: null, thumbnails: false },
  sampler: {
    name: 'das',
    base: 'learned',
    features: 'handcrafted',
    position: true,
    sampling: 'topk',
    heads: 4,
    tau0: 1,
  },
};
const { sampler, classifier } = modelGraphs({ seed: 5, position: true, classifier: CLASSIFIER });

/** base, logits and temperature of the sampler, logits of the classifier, one after the other. */
async function everything(engine: Engine): Promise<readonly number[]> {
  const ranking = await engine.createSession(sampler);
  const scores = await ranking.run(goldenSamplerInputs(SUBJECT, 7, FRAMES, KEPT));
  await ranking.release();
  const classes = await engine.createSession(classifier);
  const frames = goldenFrames(SUBJECT, 7, KEPT);
  if (frames === null) throw new Error('the subject has a classifier');
  const logits = await classifyFrames(classes, frames, () => false);
  await classes.release();
  return [
    ...numbers(scores['base']),
    ...numbers(scores['logits']),
    ...numbers(scores['temperature']),
    ...logits,
  ];
}

function numbers(tensor: Tensor | undefined): readonly number[] {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('an output is missing');
  return [...tensor.data];
}

function worst(a: readonly number[], b: readonly number[]): number {
  expect(b.length).toBe(a.length);
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN)) / (1 + Math.abs(value))));
}

describe('every engine computes the complete graphs of a package alike', async () => {
  const reference = await everything(await onnxRuntimeEngine('cpu', 1));

  test('the reference is finite and not constant', () => {
    expect(reference.length).toBe(FRAMES + FRAMES * KEPT + 1 + CLASSIFIER.classes);
    expect(reference.every(Number.isFinite)).toBe(true);
    expect(new Set(reference.slice(0, FRAMES)).size).toBe(FRAMES);
    expect(new Set(reference.slice(-CLASSIFIER.classes)).size).toBe(CLASSIFIER.classes);
  });

  test('onnxruntime on two threads', async () => {
    expect(worst(reference, await everything(await onnxRuntimeEngine('cpu', 2)))).toBeLessThan(1e-5);
  });

  test('onnxruntime twice gives the same bits', async () => {
    expect(await everything(await onnxRuntimeEngine('cpu', 1))).toEqual(reference);
  });

  test('onnxruntime-web', async () => {
    expect(worst(reference, await everything(await wasmEngine(null, 1)))).toBeLessThan(1e-4);
  });

  test('TensorFlow.js adapter', async () => {
    expect(worst(reference, await everything(await tensorflowBackendEngine('wasm')))).toBeLessThan(1e-4);
  });
});
