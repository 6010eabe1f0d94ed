import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Inference } from '../../src/app/inference.ts';
import type { FrameStack } from '../../src/ml/classifiers/normalizeFrames.ts';
import { seededRandom } from '../../src/ml/seededRandom.ts';
import { writeGoldenPackage } from '../fixtures/goldenPackage.ts';
import { fixtureCard, writePackage } from '../fixtures/packageFolder.ts';
import { randomFeatures } from '../fixtures/randomFeatures.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const WORKER = new URL('../../out/main/infer.js', import.meta.url);
const parent = temporaryFolder();

function masks(count: number, seed: number): FrameStack {
  const random = seededRandom(seed);
  const values = Float32Array.from({ length: count * 784 }, () => (random() < 0.2 ? 255 : 0));
  return { count, rows: 28, columns: 28, samples: 1, values };
}

function startInference(): Inference {
  return new Inference({
    workerUrl: WORKER,
    engine: 'onnxruntime:cpu',
    threads: 1,
    wasmFolder: null,
    kernel: null,
  });
}

describe('the inference worker', async () => {
  const folder = await writeGoldenPackage(parent, 'fixture');
  const inference = startInference();
  afterAll(() => inference.close());
  const task = {
    folder,
    features: randomFeatures(40, 1),
    k: 13,
    sampler: 'das',
    seed: 0,
    matrix: true,
  } as const;

  test('reports the engine that was asked for', async () => {
    const report = await inference.engineReport();
    expect(report.chosen).toEqual({ name: 'onnxruntime', device: 'cpu', threads: 1 });
    expect(report.line).toBe('Engine: onnxruntime on cpu, 1 thread.');
  });

  test('selects k distinct frames, the same ones each time', async () => {
    const selection = await inference.select(task);
    expect(selection.indices).toHaveLength(13);
    expect(new Set(selection.indices).size).toBe(13);
    expect(selection.logits).toHaveLength(13 * 40);
    expect(await inference.select(task)).toEqual(selection);
  });

  test('classifies from the frames it is given, to probabilities that depend on them', async () => {
    const first = await inference.classify({ folder, stack: masks(20, 1) });
    const second = await inference.classify({ folder, stack: masks(20, 2) });
    expect(first).toHaveLength(2);
    expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    expect(first).not.toEqual(second);
    expect(await inference.classify({ folder, stack: masks(20, 1) })).toEqual(first);
  });

  test('another engine gives the same frames and the same numbers', async () => {
    const [selection, classes] = [
      await inference.select(task),
      await inference.classify({ folder, stack: masks(11, 3) }),
    ];
    const report = await inference.useEngine('wasm');
    expect(report.chosen?.name).toBe('wasm');
    const [otherSelection, otherClasses] = [
      await inference.select(task),
      await inference.classify({ folder, stack: masks(11, 3) }),
    ];
    expect(otherSelection.indices).toEqual(selection.indices);
    otherSelection.scores.forEach((score, t) => {
      expect(score).toBeCloseTo(selection.scores[t] ?? NaN, 5);
    });
    otherClasses.forEach((probability, i) => {
      expect(probability).toBeCloseTo(classes[i] ?? NaN, 4);
    });
    await inference.useEngine('onnxruntime:cpu');
  });

  test('an engine that cannot run is refused, and the one before goes on', async () => {
    await expect(inference.useEngine('onnxruntime:cuda')).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
    });
    expect((await inference.engineReport()).chosen?.device).toBe('cpu');
    expect((await inference.select(task)).indices).toHaveLength(13);
  });

  test('a running classification stops when it is cancelled; the next one is whole', async () => {
    const controller = new AbortController();
    const classes = await inference.classify({ folder, stack: masks(16, 4) });
    const long = inference.classify({ folder, stack: masks(8000, 4) }, controller.signal);
    setTimeout(() => {
      controller.abort();
    }, 30);
    await expect(long).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await inference.classify({ folder, stack: masks(16, 4) })).toEqual(classes);
  });

  test('what waits in line is cancelled without having run', async () => {
    const controller = new AbortController();
    const first = inference.classify({ folder, stack: masks(64, 5) });
    const second = inference.classify({ folder, stack: masks(64, 5) }, controller.signal);
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await first).toHaveLength(2);
  });

  test('a package with a wrong hash, wrong golden values or another size of frame is refused', async () => {
    const changed = await writeGoldenPackage(parent, 'changed');
    writeFileSync(join(changed, 'sampler.onnx'), readFileSync(join(changed, 'classifier.onnx')));
    await expect(inference.select({ ...task, folder: changed })).rejects.toMatchObject({
      code: 'PACKAGE_HASH_MISMATCH',
      facts: { id: 'changed', file: 'sampler.onnx' },
    });
    // Its golden values are zeros.
    const wrong = writePackage(parent, fixtureCard('wrong'));
    await expect(inference.select({ ...task, folder: wrong })).rejects.toThrow('computes other numbers');
    const small = { ...masks(4, 1), rows: 14, columns: 56 };
    await expect(inference.classify({ folder, stack: small })).rejects.toThrow(
      'it takes no frames of 14 × 56',
    );
  });
});

test('closing while busy waits for the batch in work, cancels the rest and ends the thread', async () => {
  const folder = await writeGoldenPackage(parent, 'busy');
  const inference = startInference();
  await inference.classify({ folder, stack: masks(8, 1) });
  const running = inference.classify({ folder, stack: masks(8000, 1) });
  const queued = inference.classify({ folder, stack: masks(8, 1) });
  const outcomes = Promise.allSettled([running, queued]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  await inference.close();
  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { code: 'CANCELLED' } },
    { status: 'rejected', reason: { code: 'CANCELLED' } },
  ]);
  await expect(inference.engineReport()).rejects.toMatchObject({ code: 'CANCELLED' });
});
