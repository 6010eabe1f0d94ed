import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WorkerPool } from '../../src/imaging/frames/workerPool.ts';
import { Campaign } from '../fuzz/campaign.ts';
import { seedFiles } from '../fuzz/seedFiles.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Small files: two thousand cases are to take a minute or so. */
const LIMITS = { maxBytes: 12 * 1024, perFolder: 40 };
const BLOCKS = 10;
const CASES_PER_BLOCK = 200;

const folder = temporaryFolder();
const sample = fileURLToPath(new URL('../../resources/sample/study', import.meta.url));
const shared = [sharedData('dicom'), sharedData('nifti')].filter((path) => path !== null);
if (shared.length === 0) console.log('only generated files are changed: the shared data are not there');
const pool = new WorkerPool({
  url: new URL('../../out/main/decode.js', import.meta.url),
  size: 1,
  workerData: { kernel: null },
});
const campaign = new Campaign({
  seeds: seedFiles({ folders: [sample, ...shared], ...LIMITS }),
  pool,
  folder: join(folder, 'fuzz'),
});
const stray: string[] = [];
const onStray = (reason: unknown): void => {
  stray.push(String(reason));
};

beforeAll(() => {
  process.on('unhandledRejection', onStray);
});

afterAll(async () => {
  process.off('unhandledRejection', onStray);
  await pool.close();
});

it.each(Array.from({ length: BLOCKS }, (_, block) => block))(
  'changed files are read or refused, never wrongly shown (block %i)',
  async (block) => {
    const faults: string[] = [];
    for (let index = 0; index < CASES_PER_BLOCK; index++) {
      const result = await campaign.run(1 + block * CASES_PER_BLOCK + index);
      if (result.faults.length === 0) continue;
      faults.push(`seed ${result.seed}: ${result.description}: ${[...new Set(result.faults)].join('; ')}`);
    }
    expect([...faults, ...stray.splice(0)]).toEqual([]);
  },
  600_000,
);
