/**
 * Does a sampler learn, whatever the seed? Marked slices (test/fixtures/markedVolumes.ts), 4 of 28 frames kept, chance
 * is 50 %. `npm run bench -- collapse [--sampler das] [--places anywhere] [--seeds 10] [--rounds 4] [--out F.json]`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine } from '../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../src/ml/engines/onnxRuntime.ts';
import { TRAINED_SAMPLERS, type TrainedSampler } from '../src/ml/training/chooseFrames.ts';
import type { DataSet } from '../src/ml/training/dataSet.ts';
import { evaluateRun } from '../src/ml/training/evaluate.ts';
import { type Protocol, protocolWith } from '../src/ml/training/protocol.ts';
import { readLog } from '../src/ml/training/runFolder.ts';
import { trainRun } from '../src/ml/training/trainRun.ts';
import { MARKED, type Places, markedData } from '../test/fixtures/markedVolumes.ts';

const COUNTS = JSON.parse(process.env['COUNTS'] ?? '{"train":1280,"val":96,"test":160}') as { train: number; val: number; test: number };
const GOAL = 0.95;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sampler: { type: 'string', default: 'das' },
      places: { type: 'string', default: 'anywhere' },
      seeds: { type: 'string', default: '10' },
      protocol: { type: 'string', default: '{}' },
      out: { type: 'string' },
    },
  });
  const sampler = TRAINED_SAMPLERS.find((name) => name === values.sampler);
  const places: Places = values.places === 'fixed' ? 'fixed' : 'anywhere';
  if (sampler === undefined) throw new RangeError(`--sampler takes one of: ${TRAINED_SAMPLERS.join(', ')}`);
  const data = markedData(places, COUNTS);
  const changes = JSON.parse(values.protocol) as Partial<Protocol>;
  const protocol = protocolWith(sampler, { epochs: 24, patience: 24, warmupSteps: 20, ...changes });
  const engine = await onnxRuntimeEngine('cpu', 1);
  const rows: { seed: number; accuracy: number; collapsed: number; seconds: number }[] = [];
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const row = await oneSeed({ sampler, seed, data, protocol, engine });
    rows.push(row);
    console.log(
      `seed ${seed}: accuracy ${(100 * row.accuracy).toFixed(1)} %, ${row.collapsed} collapsed epochs, ${row.seconds.toFixed(0)} s`,
    );
  }
  const good = rows.filter(({ accuracy }) => accuracy > GOAL).length;
  console.log(`${sampler}, marks ${places}: ${good} of ${rows.length} seeds above ${100 * GOAL} %`);
  if (values.out !== undefined) writeFileSync(values.out, JSON.stringify({ sampler, places, rows }, null, 2) + '\n');
}

async function oneSeed({
  sampler,
  seed,
  data,
  protocol,
  engine,
}: {
  sampler: TrainedSampler;
  seed: number;
  data: DataSet;
  protocol: Protocol;
  engine: Engine;
}): Promise<{ seed: number; accuracy: number; collapsed: number; seconds: number }> {
  const parent = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  const folder = join(parent, 'run');
  const started = performance.now();
  try {
    const ratio = MARKED.kept / MARKED.frames;
    await trainRun({ folder, data, sampler, ratio, seed, protocol, engine, resume: false, commit: '0000000' });
    const seconds = (performance.now() - started) / 1000;
    const { metrics } = await evaluateRun(folder, { data, split: 'test', engine });
    const log = await readLog(folder);
    if (process.env['VERBOSE']) for (const r of log) console.log(`  ${r.epoch} train ${r.trainLoss.toFixed(3)} val ${r.valLoss.toFixed(3)} acc ${r.valAccuracy.toFixed(2)} noisy ${r.noisyLoss?.toFixed(3)} acc ${r.noisyAccuracy?.toFixed(2)} sel ${r.selections} ${r.collapse}`);
    const collapsed = log.filter(({ collapse }) => collapse !== null).length;
    return { seed, accuracy: metrics.accuracy, collapsed, seconds };
  } finally {
    rmSync(parent, { recursive: true });
  }
}
