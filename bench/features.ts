/**
 * The feature pass beside OpenCV: 300 frames of 512 × 512 int16, one thread each, the same features. Processor time,
 * so that other programs on the machine do not count.
 * `npm run bench -- features [--out F.json]`; the peer needs Debian's python3-opencv.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Frame } from '../src/contract/frame.ts';
import { FeatureAccumulator } from '../src/ml/features/featureAccumulator.ts';
import type { FeatureKernel } from '../src/ml/features/featureKernel.ts';
import { spatialFeatures, type SpatialFeatures } from '../src/ml/features/spatialFeatures.ts';
import { temporalFeatures, type TemporalFeatures } from '../src/ml/features/temporalFeatures.ts';
import { loadFeatureKernel } from '../src/ml/features/wasmKernel.ts';

const FRAMES = 300;
const SIZE = 512;
const REPEATS = 5;
/** Columns as in the peer's rows. */
const PEER_COLUMNS = [
  'mean',
  'variance',
  'sobelMean',
  'sobelVariance',
  'laplacianMean',
  'laplacianVariance',
] as const;

interface Pass {
  ms: number;
  spatial: SpatialFeatures[];
  temporal: Map<number, TemporalFeatures>;
}

/** Smooth structure that drifts from frame to frame, with noise, in the range of a CT. */
function drawVolume(): Int16Array {
  const volume = new Int16Array(FRAMES * SIZE * SIZE);
  let state = 1;
  for (let t = 0, at = 0; t < FRAMES; t++) {
    for (let y = 0; y < SIZE; y++) {
      for (let x = 0; x < SIZE; x++, at++) {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        const inside = (x - 256) ** 2 + (y - 200 - t / 3) ** 2 < (120 + t / 4) ** 2;
        volume[at] = (inside ? 900 : -200) + (state >> 24);
      }
    }
  }
  return volume;
}

function frameAt(volume: Int16Array, index: number): Frame {
  const values = volume.subarray(index * SIZE * SIZE, (index + 1) * SIZE * SIZE);
  const modality = { kind: 'linear' as const, slope: 1, intercept: 0, unit: null };
  return {
    rows: SIZE,
    columns: SIZE,
    samples: 1,
    dtype: 'int16',
    values,
    min: -1024,
    max: 3071,
    modality,
    padding: null,
    inverted: false,
    warnings: [],
  };
}

function pass(volume: Int16Array, kernel: FeatureKernel | null): Pass {
  const started = process.cpuUsage();
  const accumulator = new FeatureAccumulator(FRAMES);
  const all: SpatialFeatures[] = [];
  const temporal = new Map<number, TemporalFeatures>();
  for (let index = 0; index < FRAMES; index++) {
    const spatial = spatialFeatures(frameAt(volume, index), kernel);
    if (spatial === null) throw new Error('every pixel is valid');
    all.push(spatial);
    for (const { frame, previous, current, next } of accumulator.add(index, spatial)) {
      const compared = temporalFeatures(previous, current, next, kernel);
      temporal.set(frame, compared);
      accumulator.addTemporal(frame, compared);
    }
  }
  accumulator.features();
  const { user, system } = process.cpuUsage(started);
  return { ms: (user + system) / 1000, spatial: all, temporal };
}

function bestPass(volume: Int16Array, kernel: FeatureKernel | null): Pass {
  const passes = Array.from({ length: REPEATS }, () => pass(volume, kernel));
  return passes.reduce((best, next) => (next.ms < best.ms ? next : best));
}

/** Largest relative difference of any feature from the peer's. */
function deviation({ spatial, temporal }: Pass, rows: readonly (readonly number[])[]): number {
  let worst = 0;
  spatial.forEach((features, t) => {
    const row = rows[t] ?? [];
    const own = PEER_COLUMNS.map((name) => features[name]);
    if (t > 0) own.push(temporal.get(t)?.changePrev ?? NaN);
    for (const [column, value] of own.entries()) {
      const peer = row[column] ?? NaN;
      worst = Math.max(worst, Math.abs(value - peer) / Math.abs(peer));
    }
  });
  return worst;
}

export function run(args: string[]): Promise<void> {
  compareWithPeer(args);
  return Promise.resolve();
}

function compareWithPeer(args: string[]): void {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    const wasm = join(folder, 'features.wasm');
    execFileSync(process.execPath, ['scripts/buildKernel.mjs', wasm]);
    const volume = drawVolume();
    const simd = bestPass(volume, loadFeatureKernel(new Uint8Array(readFileSync(wasm))));
    const plain = bestPass(volume, null);
    writeFileSync(join(folder, 'volume.i16'), volume);
    const peer = spawnSync(
      '/usr/bin/python3',
      ['bench/features.py', join(folder, 'volume.i16'), String(FRAMES), String(SIZE)],
      { encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    console.log(
      `feature pass, ${FRAMES} frames of ${SIZE} x ${SIZE} int16, one thread, processor time, best of ${REPEATS}`,
    );
    console.log(`SIMD kernel      ${simd.ms.toFixed(0)} ms`);
    console.log(`plain TypeScript ${plain.ms.toFixed(0)} ms`);
    if (peer.status !== 0) {
      console.log(`OpenCV: not compared (${peer.error?.message ?? peer.stderr.trim().split('\n').at(-1)})`);
      return;
    }
    const { ms, opencv, rows } = JSON.parse(peer.stdout) as { ms: number; opencv: string; rows: number[][] };
    const ratio = simd.ms / ms;
    console.log(`OpenCV ${opencv}     ${ms.toFixed(0)} ms`);
    console.log(
      `ratio ${ratio.toFixed(2)}, largest relative difference ${deviation(simd, rows).toExponential(1)}`,
    );
    if (values.out !== undefined) {
      const cases = [{ name: `${FRAMES}x${SIZE}`, ms: simd.ms, referenceMs: plain.ms, peerMs: ms, ratio }];
      writeFileSync(values.out, JSON.stringify({ cases }, null, 2) + '\n');
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
