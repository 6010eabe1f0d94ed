/**
 * What DAS saves: features of all frames (counted whole, from decoded frames) + sampling + classifying half of them,
 * beside classifying all; same engine, same threads. `npm run bench -- triage [--out F.json]`
 *
 * 64x224: 64 frames of 224², MobileNetV3-Small with random weights (fixed seed, untrained: time does not depend on
 * them). adrenal-shape: the shipped package, without a bound: at 28² the fixed cost of a run dominates.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Card } from '../src/contract/card.ts';
import type { Frame } from '../src/contract/frame.ts';
import type { FrameFeatures } from '../src/contract/sampling.ts';
import { classifyBatches } from '../src/ml/classifiers/classifyFrames.ts';
import type { EngineSession, Tensor } from '../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../src/ml/engines/onnxRuntime.ts';
import { FeatureAccumulator } from '../src/ml/features/featureAccumulator.ts';
import type { FeatureKernel } from '../src/ml/features/featureKernel.ts';
import { spatialFeatures } from '../src/ml/features/spatialFeatures.ts';
import { temporalFeatures } from '../src/ml/features/temporalFeatures.ts';
import { loadFeatureKernel } from '../src/ml/features/wasmKernel.ts';
import { loadPackage } from '../src/ml/packages/loadPackage.ts';
import { sessionScoreGraph } from '../src/ml/packages/sessionScoreGraph.ts';
import { createSampler } from '../src/ml/samplers/createSampler.ts';
import type { Sampler } from '../src/ml/samplers/sampler.ts';
import { seededRandom } from '../src/ml/seededRandom.ts';
import { modelGraphs } from '../test/fixtures/modelGraphs.ts';

const REPEATS = 7;
const SEED = 5;
const SHIPPED = 'resources/models/adrenal-shape';

interface Case {
  name: string;
  frames: readonly Frame[];
  channels: 1 | 3;
  sampler: Sampler;
  classifier: EngineSession;
}

interface Result {
  name: string;
  fullMs: number;
  reducedMs: number;
  ratio: number;
}

/** A disc that wanders through noise. */
function drawFrames(count: number, size: number): Frame[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, (_, t) => {
    const [cx, cy, radius] = [size * (0.3 + (0.4 * t) / count), size / 2, size / 5];
    const values = Int16Array.from({ length: size * size }, (_, i) => {
      const inside = ((i % size) - cx) ** 2 + (Math.floor(i / size) - cy) ** 2 < radius ** 2;
      return (inside ? 800 : 0) + Math.floor(random() * 64);
    });
    return frameOf(values, size);
  });
}

function frameOf(values: Int16Array, size: number): Frame {
  return {
    rows: size,
    columns: size,
    samples: 1,
    dtype: 'int16',
    values,
    min: 0,
    max: 900,
    modality: { kind: 'linear', slope: 1, intercept: 0, unit: null },
    padding: null,
    inverted: false,
    warnings: [],
  };
}

function featuresOf(frames: readonly Frame[], kernel: FeatureKernel): FrameFeatures {
  const accumulator = new FeatureAccumulator(frames.length);
  for (const [index, frame] of frames.entries()) {
    for (const job of accumulator.add(index, spatialFeatures(frame, kernel)))
      accumulator.addTemporal(job.frame, temporalFeatures(job.previous, job.current, job.next, kernel));
  }
  return accumulator.features();
}

async function classify({ classifier, channels }: Case, frames: readonly Frame[]): Promise<void> {
  const batchAt = (first: number, size: number): Tensor => {
    const { rows = 0, columns = 0 } = frames[first] ?? {};
    const data = new Float32Array(size * channels * rows * columns);
    frames.slice(first, first + size).forEach(({ values }, n) => {
      for (let c = 0; c < channels; c++) {
        const start = (n * channels + c) * rows * columns;
        for (let i = 0; i < values.length; i++) data[start + i] = values[i]! / 1000;
      }
    });
    return { type: 'float32', dims: [size, channels, rows, columns], data };
  };
  await classifyBatches(classifier, frames.length, batchAt, () => false);
}

async function reduced(bench: Case, kernel: FeatureKernel): Promise<void> {
  const features = featuresOf(bench.frames, kernel);
  const { indices } = await bench.sampler.select(features, bench.frames.length / 2);
  await classify(
    bench,
    bench.frames.filter((_, t) => indices.includes(t)),
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Alternating, so that whatever else the machine does meets both; the best of each counts. */
async function measure(bench: Case, kernel: FeatureKernel): Promise<Result> {
  let [fullMs, reducedMs] = [Infinity, Infinity];
  for (let i = 0; i < REPEATS; i++) {
    fullMs = Math.min(fullMs, await timed(() => classify(bench, bench.frames)));
    reducedMs = Math.min(reducedMs, await timed(() => reduced(bench, kernel)));
  }
  return { name: bench.name, fullMs, reducedMs, ratio: reducedMs / fullMs };
}

const UNTRAINED: Card['sampler'] = {
  name: 'das',
  base: 'learned',
  features: 'handcrafted',
  position: false,
  sampling: 'topk',
  heads: 4,
  tau0: 1,
};

async function untrainedCase(threads: number): Promise<Case> {
  const engine = await onnxRuntimeEngine('cpu', threads);
  const classifier = { channels: 3, height: 224, width: 224, classes: 2, stemStride: 2 } as const;
  const graphs = modelGraphs({ seed: SEED, position: false, classifier });
  const score = sessionScoreGraph(await engine.createSession(graphs.sampler), () => false);
  return {
    name: '64x224',
    frames: drawFrames(64, 224),
    channels: classifier.channels,
    sampler: createSampler('das', { config: UNTRAINED, score, rebuilds: false, kernel: null }),
    classifier: await engine.createSession(graphs.classifier),
  };
}

async function shippedCase(threads: number): Promise<Case> {
  const engine = await onnxRuntimeEngine('cpu', threads);
  const { card, sampler, classifier } = await loadPackage(SHIPPED);
  if (classifier === null) throw new Error('the shipped package has no classifier');
  const score = sessionScoreGraph(await engine.createSession(sampler), () => false);
  return {
    name: card.id,
    frames: drawFrames(28, 28),
    channels: 1,
    sampler: createSampler('das', { config: card.sampler, score, rebuilds: false, kernel: null }),
    classifier: await engine.createSession(classifier),
  };
}

function builtKernel(): FeatureKernel {
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    const wasm = join(folder, 'features.wasm');
    execFileSync(process.execPath, ['scripts/buildKernel.mjs', wasm]);
    return loadFeatureKernel(new Uint8Array(readFileSync(wasm)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const threads = availableParallelism();
  const kernel = builtKernel();
  const benches = [
    await untrainedCase(threads),
    ...(existsSync(SHIPPED) ? [await shippedCase(threads)] : []),
  ];
  console.log(`half of the frames against all, onnxruntime cpu, ${threads} threads, best of ${REPEATS}`);
  const cases: Result[] = [];
  for (const bench of benches) {
    const result = await measure(bench, kernel);
    cases.push(result);
    const [full, half] = [result.fullMs, result.reducedMs].map((ms) => `${ms.toFixed(1)} ms`);
    console.log(`${result.name}: all ${full}, reduced ${half}, ratio ${result.ratio.toFixed(2)}`);
  }
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify({ cases }, null, 2)}\n`);
}
