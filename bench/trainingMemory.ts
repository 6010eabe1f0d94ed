/**
 * Resident memory of `keyslice train` after each epoch: it has to stay where the first epochs bring it.
 * `npm run bench -- trainingMemory [--epochs 20] [--sampler das] [--out F.json]`; Linux and a built program, AdrenalMNIST3D of the shared data.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { sharedData } from '../test/support/sharedData.ts';

const SET = 'medmnist3d';
/** By then every buffer has been used once. */
const SETTLED_EPOCHS = 3;

/** @throws Error when the training fails */
async function residentByEpoch(args: readonly string[]): Promise<number[]> {
  const child = spawn(process.execPath, ['bin/keyslice.js', 'train', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const megabytes: number[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    if (!/^epoch \d/.test(line)) continue;
    const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
    megabytes.push(Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024));
    console.log(`${line.replace(/,.*/, '')}: ${String(megabytes.at(-1))} MB`);
  }
  if ((await ended) !== 0) throw new Error('the training failed');
  return megabytes;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      epochs: { type: 'string', default: '20' },
      sampler: { type: 'string', default: 'das' },
      out: { type: 'string' },
    },
  });
  const data = sharedData(SET);
  if (data === null || process.platform !== 'linux') {
    console.log(`trainingMemory: not measured, it needs Linux and ${SET} of the shared data`);
    return;
  }
  const parent = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    const what = ['--data', 'medmnist:adrenal:28', '--data-dir', data, '--sampler', values.sampler];
    const how = ['--ratio', '0.25', '--epochs', values.epochs, '--patience', values.epochs];
    const megabytes = await residentByEpoch([...what, ...how, '--out', join(parent, 'run')]);
    const settled = megabytes.slice(SETTLED_EPOCHS);
    const range = `${Math.min(...settled)} to ${Math.max(...settled)} MB`;
    console.log(`after epoch ${SETTLED_EPOCHS}: ${range}, the last ${String(settled.at(-1))} MB`);
    if (values.out !== undefined)
      writeFileSync(values.out, `${JSON.stringify({ sampler: values.sampler, megabytes }, null, 2)}\n`);
  } finally {
    rmSync(parent, { recursive: true });
  }
}
