/**
 * How long the main process lets the window wait while an MR of 192 slices is opened and triaged.
 * `npm run bench -- responsive [--out F.json]`
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loopDelay } from '../test/e2e/support/loopDelay.ts';
import { pingWhileOpening } from '../test/e2e/support/pingWhileOpening.ts';
import { sharedData } from '../test/support/sharedData.ts';
import { withKeyslice } from './support/openedKeyslice.ts';

const STUDY = 'dicom/mr_sag_mprage_192';

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { out: { type: 'string' } } });
  const study = sharedData(STUDY);
  if (study === null) {
    console.log(`responsive: not measured, the shared data have no ${STUDY} (test/support/sharedData.ts)`);
    return;
  }
  const figures = await withKeyslice(study, async ({ app, page }) => {
    const delay = await loopDelay(app);
    const { triagedMs, answerMs } = await pingWhileOpening(page);
    return { ...(await delay.stop()), triagedMs, answerMs: answerMs.sort((a, b) => a - b) };
  });
  const at = (share: number): number =>
    figures.answerMs[Math.floor(share * (figures.answerMs.length - 1))] ?? NaN;
  const result = {
    study: STUDY,
    triagedMs: figures.triagedMs,
    longestPauseMs: figures.longestMs,
    pings: figures.answerMs.length,
    answerMs: { median: at(0.5), p99: at(0.99), longest: at(1) },
  };
  const { answerMs } = result;
  console.log(`${STUDY} opened and triaged in ${result.triagedMs.toFixed(0)} ms`);
  console.log(`longest pause of the main process ${result.longestPauseMs.toFixed(0)} ms`);
  console.log(
    `${result.pings} pings from the page: median ${answerMs.median.toFixed(1)} ms, 99 % ${answerMs.p99.toFixed(0)} ms, longest ${answerMs.longest.toFixed(0)} ms (the page's own pauses included)`,
  );
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
