/**
 * The optimum of the rebuild error: Gram matrix, segment costs and dynamic programming, in that order.
 * `npm run bench -- selection [--out F.json]`. Smooth series are like real ones; white noise is the worst case.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FEATURE_COUNT, type FrameFeatures } from '../src/contract/sampling.ts';
import type { FeatureKernel } from '../src/ml/features/featureKernel.ts';
import { loadFeatureKernel } from '../src/ml/features/wasmKernel.ts';
import { optimalSelection } from '../src/ml/samplers/optimalSelection.ts';
import { rebuildCosts, selectionCost } from '../src/ml/samplers/rebuildCosts.ts';
import { selectUniform } from '../src/ml/samplers/selectUniform.ts';
import { seededRandom } from '../src/ml/seededRandom.ts';

const PIXELS = 1024;
const FRAMES = [192, 1000, 2000];
const RATIOS = [0.125, 0.25, 0.5];

interface Case {
  name: string;
  costsMs: number;
  optimumMs: number;
  uniform: number;
  optimal: number;
}

/** Waves whose speed changes along the series, with a little noise; or noise alone. */
function drawSeries(frames: number, kind: 'smooth' | 'noise'): FrameFeatures {
  const random = seededRandom(frames);
  const thumbnails = new Float32Array(frames * PIXELS);
  let phase = 0;
  for (let t = 0; t < frames; t++) {
    phase += random() < 0.05 ? 0.6 : 0.04;
    for (let i = 0; i < PIXELS; i++) {
      const wave = 100 * Math.sin(phase + i / 40) * Math.cos(phase / 3 + (i % 32) / 9);
      thumbnails[t * PIXELS + i] = (kind === 'smooth' ? wave : 0) + 2 * (random() - 0.5);
    }
  }
  const features = new Float32Array(frames * FEATURE_COUNT);
  const numbers = Int32Array.from({ length: frames }, (_, t) => t);
  return { frames: numbers, scaleFree: features, normalized: features, thumbnails };
}

function measure(frames: number, kind: 'smooth' | 'noise', kernel: FeatureKernel): Case[] {
  const features = drawSeries(frames, kind);
  const started = performance.now();
  const costs = rebuildCosts(features, kernel);
  const costsMs = performance.now() - started;
  return RATIOS.map((ratio) => {
    const k = Math.floor(ratio * frames + 0.5);
    const begin = performance.now();
    const selection = optimalSelection(costs, k);
    const optimumMs = performance.now() - begin;
    const errorOf = (kept: Int32Array): number => selectionCost(costs, kept) / costs.total;
    const uniform = errorOf(selectUniform(frames, k));
    return { name: `${kind} ${frames} x ${ratio}`, costsMs, optimumMs, uniform, optimal: errorOf(selection) };
  });
}

export function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    const wasm = join(folder, 'features.wasm');
    execFileSync(process.execPath, ['scripts/buildKernel.mjs', wasm]);
    const kernel = loadFeatureKernel(new Uint8Array(readFileSync(wasm)));
    measure(192, 'smooth', kernel);
    const cases = (['smooth', 'noise'] as const).flatMap((kind) =>
      FRAMES.flatMap((frames) => measure(frames, kind, kernel)),
    );
    console.log('series, frames x ratio   costs ms   optimum ms   uniform error   optimal error');
    for (const { name, costsMs, optimumMs, uniform, optimal } of cases) {
      const times = `${costsMs.toFixed(0).padStart(8)}${optimumMs.toFixed(0).padStart(13)}`;
      console.log(
        `${name.padEnd(24)}${times}${uniform.toFixed(5).padStart(16)}${optimal.toFixed(5).padStart(16)}`,
      );
    }
    if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify({ cases }, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return Promise.resolve();
}
