/**
 * The most memory that all processes of the program have together while an MR of 192 slices is opened and triaged.
 * `npm run bench -- memory [--out F.json]`, Linux only.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { sharedData } from '../test/support/sharedData.ts';
import { pingWhileOpening } from '../test/e2e/support/pingWhileOpening.ts';
import { withKeyslice } from './support/openedKeyslice.ts';
import { ResidentSampler, residentSum } from './support/residentSampler.ts';

const STUDY = 'dicom/mr_sag_mprage_192';
/** What has been let go is still counted until the collectors have run; nothing is gained by waiting longer. */
const SETTLE_MS = 3000;
const MEGABYTE = 1024 * 1024;

const megabytes = (bytes: number): number => Math.round(bytes / MEGABYTE);

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const study = sharedData(STUDY);
  if (study === null || process.platform !== 'linux') {
    console.log(`memory: not measured, it needs Linux and ${STUDY} of the shared data`);
    return;
  }
  const processes = await withKeyslice(study, async ({ app, page }) => {
    const sampler = new ResidentSampler(app.process().pid ?? NaN);
    try {
      await pingWhileOpening(page);
      await page.waitForTimeout(SETTLE_MS);
    } finally {
      sampler.stop();
    }
    return sampler.highest;
  });
  const peakMb = megabytes(residentSum(processes));
  console.log(
    `${STUDY} opened and triaged: ${peakMb} MB resident at the highest, in ${processes.length} processes`,
  );
  const named = processes.map(({ type, resident, peak }) => ({
    type,
    residentMb: megabytes(resident),
    peakMb: megabytes(peak),
  }));
  for (const { type, residentMb, peakMb: own } of named)
    console.log(`${type.padEnd(14)} ${String(residentMb).padStart(5)} MB then, ${own} MB at its own highest`);
  if (values.out !== undefined)
    writeFileSync(values.out, `${JSON.stringify({ study: STUDY, peakMb, processes: named }, null, 2)}\n`);
}
