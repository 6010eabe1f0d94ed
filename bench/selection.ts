/**
 * The optimum of the rebuild error: Gram matrix, segment costs and dynamic programming, in that order.
 * `npm run bench -- selection [--data FOLDER] [--out F.json]`. Real frames are those of the folder's series end to end
 * (ultrasound clips, where the shared data are there); smooth series are drawn; white noise is the worst case.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measuredFrames } from '../src/app/generalCorpus.ts';
import { openStudy } from '../src/app/open.ts';
import { ScratchFolder } from '../src/app/scratchFolder.ts';
import { FEATURE_COUNT, type FrameFeatures } from '../src/contract/sampling.ts';
import type { FeatureKernel } from '../src/ml/features/featureKernel.ts';
import { loadFeatureKernel } from '../src/ml/features/wasmKernel.ts';
import { rebuildCosts, selectionCost } from '../src/ml/samplers/rebuildCosts.ts';
import { RebuildOptimum } from '../src/ml/samplers/rebuildOptimum.ts';
import { selectUniform } from '../src/ml/samplers/selectUniform.ts';
import { seededRandom } from '../src/ml/seededRandom.ts';

const PIXELS = 1024;
const FRAMES = [192, 1000, 2000];
const RATIOS = [0.03, 0.125, 0.25, 0.5, 0.75];
const REAL_DATA = '../shared/data/ultrasound/pocus-lung/videos';

interface Case {
  name: string;
  costsMs: number;
  optimumMs: number;
  uniform: number;
  optimal: number;
}

/** Waves whose speed changes along the series, with a little noise; or noise alone. */
function drawSeries(frames: number, kind: 'smooth' | 'noise'): Float32Array {
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
  return thumbnails;
}

/** The first frames of a folder's series, one series after the other; fewer where it holds fewer. */
async function realThumbnails(folder: string, frames: number, kernel: FeatureKernel): Promise<Float32Array> {
  const scratch = new ScratchFolder();
  const found: Float32Array[] = [];
  try {
    const study = await openStudy(folder, { scratch });
    for (const series of study.series) {
      if (found.length >= frames) break;
      const measured = await measuredFrames(series, 0, kernel, scratch);
      found.push(...measured.map(({ thumbnail }) => thumbnail));
    }
  } finally {
    await scratch.remove();
  }
  const thumbnails = new Float32Array(Math.min(frames, found.length) * PIXELS);
  found.slice(0, frames).forEach((thumbnail, t) => {
    thumbnails.set(thumbnail, t * PIXELS);
  });
  return thumbnails;
}

function featuresOf(thumbnails: Float32Array): FrameFeatures {
  const frames = thumbnails.length / PIXELS;
  const features = new Float32Array(frames * FEATURE_COUNT);
  const numbers = Int32Array.from({ length: frames }, (_, t) => t);
  return { frames: numbers, scaleFree: features, normalized: features, thumbnails };
}

function measure(thumbnails: Float32Array, kind: 'real' | 'smooth' | 'noise', kernel: FeatureKernel): Case[] {
  const features = featuresOf(thumbnails);
  const frames = features.frames.length;
  const started = performance.now();
  const costs = rebuildCosts(features, kernel);
  const costsMs = performance.now() - started;
  return RATIOS.map((ratio) => {
    const k = Math.floor(ratio * frames + 0.5);
    const begin = performance.now();
    const selection = new RebuildOptimum(costs).select(k);
    const optimumMs = performance.now() - begin;
    const errorOf = (kept: Int32Array): number => selectionCost(costs, kept) / costs.total;
    const uniform = errorOf(selectUniform(frames, k));
    return { name: `${kind} ${frames} x ${ratio}`, costsMs, optimumMs, uniform, optimal: errorOf(selection) };
  });
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { data: { type: 'string' }, out: { type: 'string' } } });
  const data = values.data ?? REAL_DATA;
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    const wasm = join(folder, 'features.wasm');
    execFileSync(process.execPath, ['scripts/buildKernel.mjs', wasm]);
    const kernel = loadFeatureKernel(new Uint8Array(readFileSync(wasm)));
    measure(drawSeries(192, 'smooth'), 'smooth', kernel);
    const drawn = (['smooth', 'noise'] as const).flatMap((kind) =>
      FRAMES.flatMap((frames) => measure(drawSeries(frames, kind), kind, kernel)),
    );
    const real = existsSync(data) ? await realThumbnails(data, Math.max(...FRAMES), kernel) : null;
    if (real === null) console.log(`no real frames: ${data} is not there`);
    const cases = [
      ...(real === null
        ? []
        : FRAMES.flatMap((frames) => measure(real.subarray(0, frames * PIXELS), 'real', kernel))),
      ...drawn,
    ];
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
}
