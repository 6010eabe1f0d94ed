import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { DEFAULT_SETTINGS, settingsFile, withRecent } from '../../src/app/settings.ts';
import { writeCtSeries } from '../fixtures/ctSlice.ts';
import { expect, test } from './support/launch.ts';
import { RECENT_STUDY, readyToOpen } from './support/readyToOpen.ts';
import { PATIENCE_MS, Picture, shownFrame } from './support/viewport.ts';

/** So many that their headers take far longer than one image. */
const FILES = 3000;
const MIDDLE = FILES / 2;
const SCREENS = 'test-results/screens';

/** What the viewport showed, change by change. */
interface Seen {
  /** Headers were being read. */
  scanning: boolean;
  state: string | null;
  frame: string | null;
  /** Black lay over the picture. */
  covered: boolean;
}

async function manyFiles(folder: string): Promise<string> {
  const dataFolder = join(folder, 'data');
  const study = join(folder, 'study');
  writeCtSeries(study, FILES, { rows: 64, columns: 64, spacing: 1 });
  await settingsFile(dataFolder).write(withRecent(DEFAULT_SETTINGS, study));
  return dataFolder;
}

/** Notes every change of the page from now on; with `cancels`, stops the scan as soon as its image is there. */
async function watch(page: Page, cancels: boolean): Promise<() => Promise<Seen[]>> {
  const seen = await page.evaluateHandle((stops) => {
    const log: Seen[] = [];
    const find = (id: string): HTMLElement | null => document.querySelector(`[data-testid="${id}"]`);
    new MutationObserver(() => {
      const viewport = find('viewport');
      const scanning = find('scan-note') !== null;
      const state = viewport?.getAttribute('data-state') ?? null;
      const frame = viewport?.getAttribute('data-frame') ?? null;
      log.push({ scanning, state, frame, covered: find('loading') !== null });
      if (stops && scanning && state === 'shown') find('cancel-scan')?.click();
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    return log;
  }, cancels);
  return () => seen.jsonValue();
}

test('an image is there before all headers are read, and stays when they are', async ({ launch, folder }) => {
  const { page } = await launch({ dataFolder: await manyFiles(folder) });
  await readyToOpen(page);
  const log = await watch(page, false);
  await page.locator(RECENT_STUDY).first().click();
  await page.locator('[data-testid="viewport"][data-state="shown"]').waitFor({ timeout: PATIENCE_MS });
  const first = await Picture.of(page.getByTestId('picture'));
  await page.screenshot({ path: join(SCREENS, 'preview.png'), animations: 'disabled' });
  await shownFrame(page, MIDDLE);
  await expect(page.getByTestId('image-number')).toHaveText(/^image 1.?501 \/ 3.?000$/);
  const after = await Picture.of(page.getByTestId('picture'));
  const [x, y] = [first.width / 2 + 40, first.height / 2 + 80];
  expect([after.width, after.height, after.at(x, y)]).toEqual([first.width, first.height, first.at(x, y)]);

  const seen = await log();
  const start = seen.findIndex(({ scanning, state }) => scanning && state === 'shown');
  expect(start, 'the image was shown while headers were read').toBeGreaterThanOrEqual(0);
  const later = seen.slice(start);
  expect(later.filter(({ covered }) => covered)).toEqual([]);
  expect(new Set(later.map(({ frame }) => frame))).toEqual(new Set(['0', String(MIDDLE)]));
});

test('the scan is stopped while its image is on show, and nothing is left of it', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({ dataFolder: await manyFiles(folder) });
  await readyToOpen(page);
  await watch(page, true);
  await page.locator(RECENT_STUDY).first().click();
  await expect(page.getByTestId('scan-note')).toBeVisible({ timeout: PATIENCE_MS });
  await page.locator('[data-testid="empty"][data-state="idle"]').waitFor({ timeout: PATIENCE_MS });
  await expect(page.getByTestId('viewport')).toBeHidden();
  await expect(page.getByTestId('close-study')).toHaveCount(0);
});
