// Trains and evaluates the runs that docs/results.md reports, one after the other, and takes their metrics.json into
// docs/runs: node scripts/experiments.mjs [--only TEXT] [--data-dir DIR] [--clips DIR] [--runs DIR]. What is there already
// is left, what was interrupted goes on. Hours: run it in the background.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFolds } from './experiments/bLines.mjs';
import { B_LINES, EXPERIMENTS } from './experiments/grid.mjs';
import { writeRotations } from './experiments/rotations.mjs';
import { measureShortcuts } from './experiments/measureShortcuts.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'data-dir': { type: 'string' },
    clips: { type: 'string', default: join(root, '../shared/data/ultrasound/covid-blues') },
    runs: { type: 'string', default: join(root, 'runs') },
  },
});

/** @param {readonly string[]} args */
function keyslice(args) {
  const { status } = spawnSync(process.execPath, [join(root, 'bin/keyslice.js'), ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`keyslice ${args.join(' ')} ended with ${String(status)}`);
}

/** Both splits are measured; a run may have been stopped between them. @param {string} file */
function isWhole(file) {
  if (!existsSync(file)) return false;
  const { splits } = JSON.parse(readFileSync(file, 'utf8'));
  return 'val' in splits && 'test' in splits;
}

const dataDir = values['data-dir'] === undefined ? [] : ['--data-dir', values['data-dir']];

/** A list is written anew for each run, beside the runs. @param {string} data */
function pathOf(data) {
  if (!data.startsWith(B_LINES)) return data;
  const lists = join(resolve(values.runs), 'lists');
  writeFolds(resolve(values.clips), lists, B_LINES);
  return join(lists, `${data}.csv`);
}

/** Epochs in which turns are learned, from full sequences. */
const TURNING = ['--sampler', 'full', '--epochs', '10', '--patience', '10', '--size', '28', '--frames', '28'];

/** The run that has learned turns on the volumes of a published set, for all seeds the same. @param {string} data */
async function pretrained(data) {
  const name = `turned-${data.replaceAll(':', '-')}`;
  const run = join(values.runs, name);
  const lists = join(resolve(values.runs), 'lists');
  const list = join(lists, `${name}.csv`);
  if (!existsSync(list)) await writeRotations(root, data, values['data-dir'], lists, name);
  const resume = existsSync(join(run, 'config.json')) ? ['--resume'] : [];
  keyslice(['train', '--data', list, ...TURNING, '--out', run, ...resume]);
  return run;
}

/** @param {string} name @param {string} data @param {readonly string[]} train */
function trainAndEvaluate(name, data, train) {
  const run = join(values.runs, name);
  const measured = join(run, 'metrics.json');
  if (isWhole(measured)) return;
  const resume = existsSync(join(run, 'config.json')) ? ['--resume'] : [];
  keyslice(['train', '--data', data, ...dataDir, ...train, '--out', run, ...resume]);
  for (const split of ['val', 'test'])
    keyslice(['evaluate', '--run', run, '--data', data, ...dataDir, '--split', split]);
}

for (const { name, data, train, pretrain } of EXPERIMENTS) {
  const kept = join(root, 'docs/runs', name, 'metrics.json');
  if (!name.includes(values.only) || existsSync(kept)) continue;
  console.error(`\n== ${name}`);
  const measured = join(values.runs, name, 'metrics.json');
  if (train === null) await measureShortcuts(root, pathOf(data), measured);
  else {
    const fresh = !existsSync(join(values.runs, name, 'config.json'));
    const start = pretrain === true && fresh ? ['--init', await pretrained(data)] : [];
    trainAndEvaluate(name, pathOf(data), [...train, ...start]);
  }
  mkdirSync(dirname(kept), { recursive: true });
  copyFileSync(measured, kept);
}
