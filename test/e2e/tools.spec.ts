import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writeCtSeries } from '../fixtures/ctSlice.ts';
import { expect, test } from './support/launch.ts';
import { fittedPlace, shown } from './support/viewport.ts';

const ROWS = 60;
const COLUMNS = 80;
/** Row and column spacing of the fixture, mm. */
const SPACING = [0.7, 0.5] as const;
/** Left half 1124 (100 HU), right half 974 (−50 HU). */
const pixels = Int16Array.from({ length: ROWS * COLUMNS }, (_, at) =>
  at % COLUMNS < COLUMNS / 2 ? 1124 : 974,
);

/** A page place over an image point, column and row. */
async function over(page: Page, point: readonly [number, number]): Promise<[number, number]> {
  const box = await page.getByTestId('picture').boundingBox();
  if (box === null) throw new Error('the picture is not on the screen');
  const [x, y] = fittedPlace(box, [COLUMNS, ROWS], SPACING, point);
  return [box.x + x, box.y + y];
}

async function drag(
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const [start, end] = [await over(page, from), await over(page, to)];
  await page.mouse.move(...start);
  await page.mouse.down();
  await page.mouse.move(...end, { steps: 6 });
  await page.mouse.up();
}

test('probe, length and ellipse measure in the units of the file', async ({ launch, folder }) => {
  writeCtSeries(join(folder, 'ct'), 3, { rows: ROWS, columns: COLUMNS, pixels });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  const texts = page.locator('.svg-layer text');

  await page.keyboard.press('d');
  await page.mouse.click(...(await over(page, [20.5, 10.5])));
  await expect(texts).toHaveText(['100 HU']);

  await page.keyboard.press('l');
  await drag(page, [10, 30], [30, 30]);
  await expect(texts.nth(1)).toHaveText(/^(9\.[89]\d?|10(\.\d+)?) mm$/);

  await page.keyboard.press('o');
  await drag(page, [60, 30], [70, 40]);
  // Half axes of 10 columns and 10 rows: π · 5 mm · 7 mm is 110 mm².
  await expect(texts.nth(2)).toContainText(/area 1(0[6-9]|1[0-4])(\.\d)? mm²/);
  await expect(texts.nth(2)).toContainText('mean −50 HU');
  await expect(texts.nth(2)).toContainText('sd 0 HU');
});

test('window, zoom and pan follow the mouse, reset brings all back', async ({ launch, folder }) => {
  writeCtSeries(join(folder, 'ct'), 3, { rows: ROWS, columns: COLUMNS, pixels });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  const windowText = page.getByTestId('window-text');
  const zoom = page.getByText(/^zoom /);
  await expect(windowText).toHaveText('W 400 L 40');
  const fitted = await zoom.textContent();

  await drag(page, [20, 20], [40, 40]);
  await expect(windowText).not.toHaveText('W 400 L 40');

  await page.keyboard.press('z');
  await drag(page, [40, 20], [40, 40]);
  await expect(zoom).not.toHaveText(fitted ?? '');

  await page.keyboard.press('r');
  await expect(windowText).toHaveText('W 400 L 40');
  await expect(zoom).toHaveText(fitted ?? '');

  const before = await page.getByTestId('image-number').textContent();
  await page.mouse.move(...(await over(page, [40, 30])));
  await page.mouse.wheel(0, 120);
  await expect(page.getByTestId('image-number')).not.toHaveText(before ?? '');
});
