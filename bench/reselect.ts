/**
 * Choosing again at another number of frames, as the window's slider does: the time until the inference thread has
 * answered, beside the first choice of the same series. `npm run bench -- reselect [--out F.json]`; needs a built program.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Inference } from '../src/app/inference.ts';
import { discSeries, featuresOf } from '../test/fixtures/featureSeries.ts';
import { median } from './support/median.ts';

const FRAMES = [192, 1000, 2000];
const RATIOS = [0.05, 0.1, 0.125, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75];
const PACKAGES = ['general', 'adrenal-shape'];

interface Case {
  name: string;
  firstMs: number;
  medianMs: number;
  slowestMs: number;
}

async function measure(inference: Inference, model: string, frames: number): Promise<Case> {
  const features = featuresOf(discSeries(frames, frames));
  const folder = resolve('resources/models', model);
  const select = async (ratio: number): Promise<number> => {
    const k = Math.max(1, Math.round(ratio * frames));
    const started = performance.now();
    await inference.select({ folder, features, k, sampler: 'das', seed: 0, matrix: false });
    return performance.now() - started;
  };
  const firstMs = await select(1 / 3);
  const times: number[] = [];
  for (const ratio of RATIOS) times.push(await select(ratio));
  return { name: `${model} ${frames}`, firstMs, medianMs: median(times), slowestMs: Math.max(...times) };
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const worker = resolve('out/main/infer.js');
  const kernel = resolve('out/kernels/features.wasm');
  if (![worker, kernel].every((file) => existsSync(file))) throw new Error('npm run build first');
  const inference = new Inference({
    workerUrl: pathToFileURL(worker),
    engine: 'onnxruntime:cpu',
    wasmFolder: null,
    kernel,
  });
  try {
    // Compiles, and opens the packages.
    for (const model of PACKAGES) await measure(inference, model, 64);
    const cases: Case[] = [];
    for (const model of PACKAGES)
      for (const frames of FRAMES) cases.push(await measure(inference, model, frames));
    console.log(`package, frames         first ms   again, median of ${RATIOS.length}   slowest`);
    for (const { name, firstMs, medianMs, slowestMs } of cases)
      console.log(
        `${name.padEnd(22)}${firstMs.toFixed(1).padStart(10)}${medianMs.toFixed(1).padStart(18)}${slowestMs.toFixed(1).padStart(13)}`,
      );
    if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify({ cases }, null, 2)}\n`);
  } finally {
    await inference.close();
  }
}
