/**
 * Does a sampler learn, whatever the seed? Marked slices (test/fixtures/markedVolumes.ts): 4 of 28 frames kept, chance
 * is 50 %. `--straight` leaves the score-function gradient out. `npm run bench -- collapse [--sampler das] [--places anywhere] [--seeds 10] [--straight] [--out F.json]`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { onnxRuntimeEngine } from '../src/ml/engines/onnxRuntime.ts';
import { TRAINED_SAMPLERS } from '../src/ml/training/chooseFrames.ts';
import { evaluateRun } from '../src/ml/training/evaluate.ts';
import { protocolWith } from '../src/ml/training/protocol.ts';
import { type TrainOptions, trainRun } from '../src/ml/training/trainRun.ts';
import { MARKED, MARKED_COUNTS, markedChanges, markedData } from '../test/fixtures/markedVolumes.ts';

const GOAL = 0.95;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      sampler: { type: 'string', default: 'das' },
      places: { type: 'string', default: 'anywhere' },
      seeds: { type: 'string', default: '10' },
      straight: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const sampler = TRAINED_SAMPLERS.find((name) => name === values.sampler);
  if (sampler === undefined) throw new RangeError(`--sampler takes one of: ${TRAINED_SAMPLERS.join(', ')}`);
  const places = values.places === 'fixed' ? 'fixed' : 'anywhere';
  const protocol = protocolWith(sampler, {
    ...markedChanges(sampler),
    ...(values.straight ? { scoreWeight: 0 } : {}),
  });
  const task = {
    data: markedData(places, MARKED_COUNTS),
    sampler,
    ratio: MARKED.kept / MARKED.frames,
    protocol,
    engine: await onnxRuntimeEngine('cpu', 1),
    resume: false,
    commit: '0000000',
  };
  const rows: SeedResult[] = [];
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const row = await oneSeed({ ...task, seed });
    const { accuracy, collapsed, seconds } = row;
    console.log(
      `seed ${seed}: accuracy ${(100 * accuracy).toFixed(1)} %, ${collapsed} collapsed epochs, ${seconds.toFixed(0)} s`,
    );
    rows.push(row);
  }
  const good = rows.filter(({ accuracy }) => accuracy > GOAL).length;
  console.log(`${sampler}, marks ${places}: ${good} of ${rows.length} seeds above ${100 * GOAL} %`);
  if (values.out !== undefined)
    writeFileSync(values.out, JSON.stringify({ sampler, places, protocol, rows }, null, 2) + '\n');
}

interface SeedResult {
  readonly seed: number;
  readonly accuracy: number;
  readonly collapsed: number;
  readonly seconds: number;
}

/** Trains, then evaluates the kept checkpoint on volumes that were never looked at. */
async function oneSeed(options: Omit<TrainOptions, 'folder'>): Promise<SeedResult> {
  const parent = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  const folder = join(parent, 'run');
  const started = performance.now();
  try {
    const { collapsed } = await trainRun({ ...options, folder });
    const seconds = (performance.now() - started) / 1000;
    const { data, engine, seed } = options;
    const { metrics } = await evaluateRun(folder, { data, split: 'test', engine });
    return { seed, accuracy: metrics.accuracy, collapsed: collapsed.length, seconds };
  } finally {
    rmSync(parent, { recursive: true });
  }
}
