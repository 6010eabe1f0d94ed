import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { DEFAULT_SETTINGS, settingsFile, withRecent } from '../../src/app/settings.ts';
import { greyOf, longCineBytes, writeLongCine } from '../fixtures/longCine.ts';
import { expect, test } from './support/launch.ts';
import { RECENT_STUDY, readyToOpen } from './support/readyToOpen.ts';
import { PATIENCE_MS, Picture, shownFrame, triaged } from './support/viewport.ts';

const FRAMES = 720;
/** The smallest that the settings allow; the loop needs more. */
const BUDGET_MB = 128;
const MEGABYTE = 1024 * 1024;
const ROUNDS = 5;
/** Caches that fill once, and what collectors leave for later; five loops kept would be three times this. */
const GROWTH_MB = 60;

async function loopOf(frames: number, folder: string): Promise<string> {
  const dataFolder = join(folder, 'data');
  const study = join(folder, 'loop.dcm');
  writeLongCine(study, frames);
  await settingsFile(dataFolder).write(withRecent({ ...DEFAULT_SETTINGS, memoryMb: BUDGET_MB }, study));
  return dataFolder;
}

/** Bytes that are truly in use, in MB: heap and buffers outside it, after collecting. */
async function inUse(app: ElectronApplication, page: Page): Promise<{ main: number; page: number }> {
  const main = await app.evaluate(() => {
    process.getBuiltinModule('node:v8').setFlagsFromString('--expose-gc');
    const collect = process.getBuiltinModule('node:vm').runInNewContext('gc') as () => void;
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  });
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('HeapProfiler.collectGarbage');
  const heap: { usedSize: number; backingStorageSize?: number } = await devTools.send('Runtime.getHeapUsage');
  await devTools.detach();
  return { main: main / MEGABYTE, page: (heap.usedSize + (heap.backingStorageSize ?? 0)) / MEGABYTE };
}

async function expectFrame(page: Page, frame: number): Promise<void> {
  await shownFrame(page, frame);
  const distance = async (): Promise<number> => {
    const picture = await Picture.of(page.getByTestId('picture'));
    const [red] = picture.at(picture.width / 2, picture.height / 2);
    return Math.abs(red - greyOf(frame));
  };
  await expect.poll(distance, `grey of frame ${String(frame)}`).toBeLessThanOrEqual(2);
}

test('a loop larger than the budget says so before it is decoded, and every frame is the right one', async ({
  launch,
  folder,
}) => {
  test.slow();
  const { page } = await launch({ dataFolder: await loopOf(FRAMES, folder) });
  await readyToOpen(page);
  const told = page.evaluate(
    () =>
      new Promise<boolean>((resolve) => {
        window.keyslice.onEvent((event) => {
          if (event.type === 'frames') resolve(/needs \d+ MB; the budget is/.test(document.body.innerText));
        });
      }),
  );
  await page.locator(RECENT_STUDY).first().click();
  expect(await told, 'the warning stood there before the first frames came').toBe(true);
  const needed = Math.ceil(longCineBytes(FRAMES) / MEGABYTE);
  await expect(page.getByTestId('left-panel')).toContainText(
    `The series needs ${String(needed)} MB; the budget is ${String(BUDGET_MB)} MB.`,
  );
  await triaged(page);
  await expectFrame(page, 0);
  await page.screenshot({ path: 'test-results/screens/memory-warning.png', animations: 'disabled' });
  // The first frames have been let go by now: they are decoded again.
  for (const key of ['End', 'Home']) {
    await page.keyboard.press(key);
    await expectFrame(page, key === 'End' ? FRAMES - 1 : 0);
  }
  await page.keyboard.press('PageDown');
  await expectFrame(page, 10);
});

test('closing a study gives its memory back, round after round', async ({ launch, folder }) => {
  test.slow();
  const { app, page } = await launch({ dataFolder: await loopOf(FRAMES / 4, folder) });
  await readyToOpen(page);
  const figures: { main: number; page: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await page.locator(RECENT_STUDY).first().click();
    await shownFrame(page, 0);
    await page.keyboard.press('End');
    await shownFrame(page, FRAMES / 4 - 1);
    await triaged(page);
    await page.getByTestId('close-study').click();
    await page.locator('[data-testid="empty"][data-state="idle"]').waitFor({ timeout: PATIENCE_MS });
    figures.push(await inUse(app, page));
  }
  console.log(
    figures.map((now) => `main ${now.main.toFixed(0)} MB, page ${now.page.toFixed(0)} MB`).join('; '),
  );
  // The first round fills what is kept for the life of the window.
  const growth = (of: 'main' | 'page'): number => {
    const rounds = figures.map((now) => now[of]);
    return rounds[ROUNDS]! - rounds[0]!;
  };
  expect(growth('main')).toBeLessThan(GROWTH_MB);
  expect(growth('page')).toBeLessThan(GROWTH_MB);
});
