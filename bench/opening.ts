/**
 * Opening a CT of 60 slices beside Cornerstone's DICOM image loader, each in its own window of the same Electron.
 * `npm run bench -- opening [--out F.json]`
 *
 * Pixels in the page are those of the first slice of the sorted series, for which all headers are read; the peer parses
 * whole files for it. What is drawn is the first image that each shows.
 * Beside that: one file in the peer, without regard to order.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { sharedData } from '../test/support/sharedData.ts';
import { buildPeer } from './opening/buildPeer.ts';
import { drawnInWindow } from './opening/drawnInWindow.ts';
import { loadThroughBridge } from './opening/loadThroughBridge.ts';
import { withElectron } from './support/electronRun.ts';
import { REST_MS, withKeyslice } from './support/openedKeyslice.ts';
import { median } from './support/median.ts';

const STUDY = 'dicom/ct_chest_lung_60';
const ROUNDS = 5;

const CASES = {
  first: 'first image in the page',
  decoded: 'all frames decoded',
  inPage: 'all frames in the page',
  drawn: 'first image drawn in the window',
} as const;

type Times = Record<keyof typeof CASES, number>;

async function openInKeyslice(study: string): Promise<Times> {
  const loaded = await withKeyslice(study, ({ page }) => loadThroughBridge(page));
  return { ...loaded, drawn: await withKeyslice(study, ({ page }) => drawnInWindow(page)) };
}

async function openInPeer(script: string, study: string): Promise<Times & { one: number }> {
  const files = readdirSync(study)
    .filter((name) => name.endsWith('.dcm'))
    .sort()
    .map((name) => join(study, name));
  const single = (mode: '?draw' | '?one') =>
    openPeer(script, files, mode, (page) => page.evaluate(() => window.peerTime));
  const loaded = await openPeer(script, files, '', (page) => page.evaluate(() => window.peerTimes));
  return { ...loaded, drawn: await single('?draw'), one: await single('?one') };
}

function openPeer<T>(
  script: string,
  files: readonly string[],
  mode: string,
  times: (page: Page) => Promise<T>,
): Promise<T> {
  const nothing = (): Promise<void> => Promise.resolve();
  return withElectron(script, nothing, async ({ page }) => {
    await page.goto(new URL(mode, page.url()).href);
    await page.waitForTimeout(REST_MS);
    await page.locator('#files').setInputFiles([...files]);
    return times(page);
  });
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { out: { type: 'string' }, rounds: { type: 'string', default: String(ROUNDS) } },
  });
  const study = sharedData(STUDY);
  if (study === null) {
    console.log(`opening: not measured, the shared data have no ${STUDY} (test/support/sharedData.ts)`);
    return;
  }
  const script = await buildPeer();
  const [own, peer]: [Times[], (Times & { one: number })[]] = [[], []];
  for (let round = 0; round < Number(values.rounds); round++) {
    own.push(await openInKeyslice(study));
    peer.push(await openInPeer(script, study));
  }
  console.log(`${STUDY}, new processes each time, median (best) of ${values.rounds}`);
  const keys = Object.keys(CASES) as (keyof typeof CASES)[];
  const cases = keys.map((key) => compared(CASES[key], timesOf(own, key), timesOf(peer, key)));
  const oneFileMs = median(peer.map(({ one }) => one));
  console.log(`one file in Cornerstone, unsorted: ${oneFileMs.toFixed(0)} ms`);
  if (values.out !== undefined)
    writeFileSync(values.out, `${JSON.stringify({ cases, oneFileMs }, null, 2)}\n`);
}

const timesOf = (rounds: readonly Times[], key: keyof Times): number[] => rounds.map((times) => times[key]);

function compared(name: string, own: readonly number[], peer: readonly number[]) {
  const [ms, peerMs] = [median(own), median(peer)];
  const [bestMs, peerBestMs] = [Math.min(...own), Math.min(...peer)];
  const ratio = ms / peerMs;
  const words = (middle: number, best: number): string => `${middle.toFixed(0)} ms (${best.toFixed(0)})`;
  console.log(
    `${name}: Keyslice ${words(ms, bestMs)}, Cornerstone ${words(peerMs, peerBestMs)}, ratio ${ratio.toFixed(2)}`,
  );
  return { name, ms, bestMs, peerMs, peerBestMs, ratio };
}
