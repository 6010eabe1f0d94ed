import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { DEFAULT_SETTINGS, settingsFile, withRecent } from '../../src/app/settings.ts';
import { ramp, writeCtSeries } from '../fixtures/ctSlice.ts';
import { holdFile } from './support/holdFile.ts';
import { expect, test } from './support/launch.ts';
import { RECENT_STUDY, readyToOpen } from './support/readyToOpen.ts';
import { PATIENCE_MS, Picture, drawnPicture, shown, shownFrame } from './support/viewport.ts';

const FILES = 20;
const MIDDLE = FILES / 2;
const LAST_FILE = 'slice-020.dcm';

/** A data folder whose first recent study is a CT; its pictures fill the window's range. */
async function recentStudy(folder: string): Promise<string> {
  const [dataFolder, study] = [join(folder, 'data'), join(folder, 'study')];
  writeCtSeries(study, FILES, {
    rows: 64,
    columns: 64,
    pixels: ramp(64, 64, 0),
    elements: { '00281050': ['DS', 1000], '00281051': ['DS', 4000] },
  });
  await settingsFile(dataFolder).write(withRecent(DEFAULT_SETTINGS, study));
  return dataFolder;
}

/** What covers the picture or changes its frame from now on. */
async function watchFrames(page: Page): Promise<() => Promise<{ frames: string[]; covers: number }>> {
  const seen = await page.evaluateHandle(() => {
    const log = { frames: [] as string[], covers: 0 };
    new MutationObserver(() => {
      const frame = document.querySelector('[data-testid="viewport"]')?.getAttribute('data-frame') ?? 'none';
      if (log.frames.at(-1) !== frame) log.frames.push(frame);
      if (document.querySelector('[data-testid="loading"]') !== null) log.covers += 1;
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
    return log;
  });
  return () => seen.jsonValue();
}

test('an image is there before all headers are read, and stays when they are', async ({ launch, folder }) => {
  const { app, page } = await launch({ dataFolder: await recentStudy(folder) });
  await readyToOpen(page);
  const release = await holdFile(app, LAST_FILE);
  await page.locator(RECENT_STUDY).first().click();
  await shown(page);
  await expect(page.getByTestId('scan-note')).toContainText(`of ${String(FILES)} files looked at`);
  await expect(page.getByTestId('export-button')).toBeDisabled();
  const before = await drawnPicture(page.getByTestId('picture'));
  await page.screenshot({ path: 'test-results/screens/preview.png', animations: 'disabled' });

  const seen = await watchFrames(page);
  await release();
  await expect(page.getByTestId('scan-note')).toBeHidden({ timeout: PATIENCE_MS });
  await shownFrame(page, MIDDLE);
  await expect(page.getByTestId('image-number')).toHaveText(`image ${String(MIDDLE + 1)} / ${String(FILES)}`);
  const { frames, covers } = await seen();
  expect({ covers, others: frames.filter((frame) => frame !== '0' && frame !== String(MIDDLE)) }).toEqual({
    covers: 0,
    others: [],
  });
  const after = await Picture.of(page.getByTestId('picture'));
  const [x, y] = [before.width / 2 + 40, before.height / 2 + 80];
  expect([after.width, after.height, after.at(x, y)]).toEqual([before.width, before.height, before.at(x, y)]);
});

test('the scan is stopped while its image is on show, and nothing is left of it', async ({
  launch,
  folder,
}) => {
  const { app, page } = await launch({ dataFolder: await recentStudy(folder) });
  await readyToOpen(page);
  const release = await holdFile(app, LAST_FILE);
  await page.locator(RECENT_STUDY).first().click();
  await shown(page);
  await page.getByTestId('cancel-scan').click();
  await release();
  await page.locator('[data-testid="empty"][data-state="idle"]').waitFor({ timeout: PATIENCE_MS });
  await expect(page.getByTestId('viewport')).toBeHidden();
  await expect(page.getByTestId('close-study')).toHaveCount(0);
});
