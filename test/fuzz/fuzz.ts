/** The fuzzer on the command line: npm run fuzz -- [--cases N] [--seed S] [--minutes M] [--replay FILE]. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { WorkerPool } from '../../src/imaging/frames/workerPool.ts';
import { sharedData } from '../support/sharedData.ts';
import { Campaign, type CaseResult } from './campaign.ts';
import { seedFiles } from './seedFiles.ts';
import { Watchdog } from './watchdog.ts';

const FOLDER = 'out/fuzz';
const DEFAULT_CASES = '2000';
const SEED_LIMITS = { maxBytes: 96 * 1024, perFolder: 64 };
const REPORT_EVERY = 500;
const MINUTE_MS = 60_000;

/** Runs in the root of the repository, from the build. Sets the exit code to 1 when a case failed. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string' },
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  const folder = resolve(FOLDER);
  const pool = new WorkerPool({
    url: pathToFileURL(resolve('out/main/decode.js')),
    size: Math.max(1, availableParallelism() - 1),
    workerData: { kernel: resolve('out/kernels/features.wasm') },
  });
  const folders = [resolve('resources/sample/study'), sharedData('dicom'), sharedData('nifti')];
  const seeds = seedFiles({ folders: folders.filter((each) => each !== null), ...SEED_LIMITS });
  const campaign = new Campaign({ seeds, pool, folder: join(folder, `work-${process.pid}`) });
  const stray: string[] = [];
  process.on('unhandledRejection', (reason) => stray.push(`unhandled rejection: ${String(reason)}`));
  try {
    if (values.replay !== undefined) await replay(campaign, values.replay);
    else {
      const minutes = values.minutes === undefined ? Infinity : Number(values.minutes);
      const cases = Number(values.cases ?? (values.minutes === undefined ? DEFAULT_CASES : Infinity));
      await runCases(campaign, { first: Number(values.seed), cases, minutes, stray, folder });
    }
  } finally {
    await pool.close();
  }
}

interface Extent {
  first: number;
  cases: number;
  minutes: number;
  /** Rejections that nobody handled; emptied after each case. */
  stray: string[];
  folder: string;
}

async function runCases(campaign: Campaign, { first, cases, minutes, stray, folder }: Extent): Promise<void> {
  const watchdog = new Watchdog();
  const start = performance.now();
  const codes = new Map<string, number>();
  let failed = 0;
  let done = 0;
  console.log(`seeds from ${first}`);
  for (; done < cases && performance.now() - start < minutes * MINUTE_MS; done++) {
    watchdog.watch(first + done);
    const result = await campaign.run(first + done);
    const faults = [...result.faults, ...stray.splice(0)];
    for (const code of result.codes.length === 0 ? ['opened'] : result.codes) {
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
    if (faults.length > 0) {
      failed++;
      report({ ...result, faults }, folder);
    }
    if ((done + 1) % REPORT_EVERY === 0)
      console.log(`${done + 1} cases, ${failed} failed, ${summary(codes)}`);
  }
  await watchdog.stop();
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${done} cases in ${seconds} s, ${failed} failed; ${summary(codes)}`);
  if (failed > 0) process.exitCode = 1;
}

const summary = (codes: ReadonlyMap<string, number>): string =>
  [...codes].map(([code, count]) => `${code} ${count}`).join(', ');

function report({ seed, description, ending, bytes, faults }: CaseResult, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `seed-${seed}${ending}`);
  writeFileSync(file, bytes);
  console.log(`seed ${seed}: ${description}\n  ${[...new Set(faults)].join('\n  ')}\n  --replay ${file}`);
}

async function replay(campaign: Campaign, file: string): Promise<void> {
  const { codes, faults } = await campaign.open(readFileSync(file), extname(file));
  console.log(`${codes.join(', ') || 'opened'}\n${faults.join('\n') || 'nothing wrong'}`);
  if (faults.length > 0) process.exitCode = 1;
}
