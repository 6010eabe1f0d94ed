/**
 * The feature pass beside OpenCV and scipy: 300 frames of 512 × 512 int16, the same features. One thread each in
 * processor time, so that other programs on the machine do not count; then every core each, on the clock.
 * `npm run bench -- features [--out F.json]`; the peers need Debian's python3-opencv and python3-scipy.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Frame } from '../src/contract/frame.ts';
import { FeatureAccumulator } from '../src/ml/features/featureAccumulator.ts';
import type { FeatureKernel } from '../src/ml/features/featureKernel.ts';
import { spatialFeatures } from '../src/ml/features/spatialFeatures.ts';
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

/** Numbers alone: planes that are kept would be paid for in page faults, which the program does not do. */
interface Measured {
  /** Frames × `PEER_COLUMNS`. */
  spatial: number[][];
  temporal: Map<number, TemporalFeatures>;
}

interface Pass extends Measured {
  ms: number;
}

/** What a thread of this bench is given once. */
interface ThreadData {
  wasm: string;
  volume: Int16Array<SharedArrayBuffer>;
}

/** Frames from `first` up to `end`. */
interface Range {
  first: number;
  end: number;
}

/** Smooth structure that drifts from frame to frame, with noise, in the range of a CT. */
function drawVolume(): Int16Array<SharedArrayBuffer> {
  const volume = new Int16Array(new SharedArrayBuffer(2 * FRAMES * SIZE * SIZE));
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

function measure(volume: Int16Array, { first, end }: Range, kernel: FeatureKernel | null): Measured {
  const accumulator = new FeatureAccumulator(end - first);
  const spatial: Measured['spatial'] = [];
  const temporal = new Map<number, TemporalFeatures>();
  for (let index = first; index < end; index++) {
    const measured = spatialFeatures(frameAt(volume, index), kernel);
    if (measured === null) throw new Error('every pixel is valid');
    spatial.push(PEER_COLUMNS.map((name) => measured[name]));
    for (const { frame, previous, current, next } of accumulator.add(index - first, measured)) {
      const compared = temporalFeatures(previous, current, next, kernel);
      temporal.set(frame, compared);
      accumulator.addTemporal(frame, compared);
    }
  }
  accumulator.features();
  return { spatial, temporal };
}

function pass(volume: Int16Array, kernel: FeatureKernel | null): Pass {
  const started = process.cpuUsage();
  const measured = measure(volume, { first: 0, end: FRAMES }, kernel);
  const { user, system } = process.cpuUsage(started);
  return { ms: (user + system) / 1000, ...measured };
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
    const own = [...features];
    if (t > 0) own.push(temporal.get(t)?.changePrev ?? NaN);
    for (const [column, value] of own.entries()) {
      const peer = row[column] ?? NaN;
      worst = Math.max(worst, Math.abs(value - peer) / Math.abs(peer));
    }
  });
  return worst;
}

/** Every core: each thread takes a part of the frames, with a neighbour at either end. Best time on the clock. */
async function everyCore(data: ThreadData, threads: number): Promise<number> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: data }),
  );
  const ranges = workers.map((_, i): Range => {
    const edge = (part: number): number => Math.floor((part * FRAMES) / threads);
    return { first: Math.max(0, edge(i) - 1), end: Math.min(FRAMES, edge(i + 1) + 1) };
  });
  let best = Infinity;
  // The first round compiles.
  for (let round = 0; round <= REPEATS; round++) {
    const started = performance.now();
    await Promise.all(workers.map((worker, i) => answered(worker, ranges[i]!)));
    if (round > 0) best = Math.min(best, performance.now() - started);
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return best;
}

function answered(worker: Worker, range: Range): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      resolve();
    });
    worker.once('error', reject);
    worker.postMessage(range);
  });
}

function serve(): void {
  const { wasm, volume } = workerData as ThreadData;
  const kernel = loadFeatureKernel(new Uint8Array(readFileSync(wasm)));
  parentPort?.on('message', (range: Range) => {
    measure(volume, range, kernel);
    parentPort?.postMessage(null);
  });
}

if (!isMainThread) serve();

/** Times of the peer: processor time of one thread, and on the clock with every core. */
interface Peer {
  opencv: string;
  ms: number;
  coresMs: number;
  /** Null where it is not installed. */
  scipyMs: number | null;
  rows: number[][];
}

function timePeer(volume: Int16Array, folder: string, threads: number): Peer | string {
  writeFileSync(join(folder, 'volume.i16'), volume);
  const peer = spawnSync(
    '/usr/bin/python3',
    ['bench/features.py', join(folder, 'volume.i16'), String(FRAMES), String(SIZE), String(threads)],
    { encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (peer.status === 0) return JSON.parse(peer.stdout) as Peer;
  return peer.error?.message ?? peer.stderr.trim().split('\n').at(-1);
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    const wasm = join(folder, 'features.wasm');
    execFileSync(process.execPath, ['scripts/buildKernel.mjs', wasm]);
    const volume = drawVolume();
    const threads = availableParallelism();
    const simd = bestPass(volume, loadFeatureKernel(new Uint8Array(readFileSync(wasm))));
    const plain = bestPass(volume, null);
    const coresMs = await everyCore({ wasm, volume }, threads);
    const peer = timePeer(volume, folder, threads);
    print({ simd, plain, coresMs, threads, peer });
    if (values.out === undefined || typeof peer === 'string') return;
    const times = { ms: simd.ms, coresMs, referenceMs: plain.ms, peerMs: peer.ms, peerCoresMs: peer.coresMs };
    const cases = [{ name: `${FRAMES}x${SIZE}`, threads, ...times, ratio: simd.ms / peer.ms }];
    writeFileSync(values.out, JSON.stringify({ cases }, null, 2) + '\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Figures {
  simd: Pass;
  plain: Pass;
  coresMs: number;
  threads: number;
  peer: Peer | string;
}

function print({ simd, plain, coresMs, threads, peer }: Figures): void {
  const bytes = FRAMES * SIZE * SIZE * Int16Array.BYTES_PER_ELEMENT;
  const line = (name: string, ms: number): void => {
    console.log(`${name.padEnd(28)} ${ms.toFixed(0).padStart(6)} ms ${(bytes / ms / 1e6).toFixed(2)} GB/s`);
  };
  console.log(`feature pass, ${FRAMES} frames of ${SIZE} x ${SIZE} int16, best of ${REPEATS}`);
  console.log('one thread, processor time');
  line('SIMD kernel', simd.ms);
  line('plain TypeScript', plain.ms);
  if (typeof peer === 'string') {
    console.log(`OpenCV: not compared (${peer})`);
  } else {
    line(`OpenCV ${peer.opencv}`, peer.ms);
    if (peer.scipyMs !== null) line('scipy', peer.scipyMs);
  }
  console.log(`${threads} threads, on the clock`);
  line('SIMD kernel', coresMs);
  if (typeof peer === 'string') return;
  line(`OpenCV ${peer.opencv}`, peer.coresMs);
  console.log(
    `OpenCV takes ${(peer.ms / simd.ms).toFixed(1)} times as long with one thread, ${(peer.coresMs / coresMs).toFixed(1)} with ${threads}; largest relative difference ${deviation(simd, peer.rows).toExponential(1)}`,
  );
}
