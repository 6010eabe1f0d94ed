import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { writeCtSeries } from '../fixtures/ctSlice.ts';
import { expect, test } from './support/launch.ts';
import { shown, shownFrame, triaged } from './support/viewport.ts';

const SLICES = 24;

async function openSeries(page: Page): Promise<void> {
  await shown(page);
  await triaged(page);
}

test('the keys move through the series', async ({ launch, folder }) => {
  writeCtSeries(join(folder, 'ct'), SLICES, { rows: 32, columns: 32 });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await openSeries(page);
  await shownFrame(page, SLICES / 2);
  const moves = [
    ['Home', 0],
    ['ArrowDown', 1],
    ['PageDown', 11],
    ['ArrowUp', 10],
    ['PageUp', 0],
    ['ArrowUp', 0],
    ['End', SLICES - 1],
  ] as const;
  for (const [key, frame] of moves) {
    await page.keyboard.press(key);
    await shownFrame(page, frame);
  }
  await expect(page.getByTestId('image-number')).toHaveText(`image ${String(SLICES)} / ${String(SLICES)}`);
});

test('N and P visit the key images in order, K takes one out and puts it back', async ({
  launch,
  folder,
}) => {
  writeCtSeries(join(folder, 'ct'), SLICES, { rows: 32, columns: 32 });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await openSeries(page);
  const count = Number(await page.getByTestId('key-count').textContent());
  expect(count).toBe(SLICES / 2);
  await page.keyboard.press('Home');
  await shownFrame(page, 0);
  const first = await page.getByTestId('key-badge').isVisible();
  if (!first) await page.keyboard.press('n');
  await expect(page.getByTestId('key-badge')).toHaveText(`KEY 1 / ${String(count)}`);
  await page.keyboard.press('n');
  await expect(page.getByTestId('key-badge')).toHaveText(`KEY 2 / ${String(count)}`);
  await page.keyboard.press('p');
  await expect(page.getByTestId('key-badge')).toHaveText(`KEY 1 / ${String(count)}`);

  await page.keyboard.press('k');
  await expect(page.getByTestId('key-count')).toHaveText(String(count - 1));
  await expect(page.getByText('removed by hand', { exact: true })).toBeVisible();
  await expect(page.getByTestId('handmade')).toContainText('0 added, 1 removed by hand');
  await page.keyboard.press('k');
  await expect(page.getByTestId('key-count')).toHaveText(String(count));
});

test('letters stay in a text field, Space activates a focused control, Escape closes a dialog', async ({
  launch,
  folder,
}) => {
  writeCtSeries(join(folder, 'ct'), SLICES, { rows: 32, columns: 32 });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await openSeries(page);
  const before = await page.getByTestId('viewport').getAttribute('data-frame');
  await page.getByTestId('k-number').focus();
  await page.keyboard.press('n');
  await page.keyboard.press('b');
  await expect(page.getByTestId('left-panel')).toBeVisible();
  expect(await page.getByTestId('viewport').getAttribute('data-frame')).toBe(before);

  await page.getByTestId('picture').click();
  await page.keyboard.press('End');
  await shownFrame(page, SLICES - 1);

  await page.getByTestId('tool-length').focus();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('tool-length')).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByTestId('cine-rate')).toHaveCount(0);

  await page.keyboard.press('?');
  await expect(page.getByTestId('help')).toBeVisible();
  await page.keyboard.press('b');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('help')).toHaveCount(0);
  await expect(page.getByTestId('left-panel')).toBeVisible();

  await page.keyboard.press('b');
  await expect(page.getByTestId('left-panel')).toHaveCount(0);
  await page.keyboard.press('Shift+B');
  await expect(page.getByTestId('right-panel')).toHaveCount(0);
});

test('the ribbon is a slider: it says where it stands and the arrows move it', async ({ launch, folder }) => {
  writeCtSeries(join(folder, 'ct'), SLICES, { rows: 32, columns: 32 });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await openSeries(page);
  const ribbon = page.getByRole('slider', { name: 'Scores of all images' });
  await ribbon.focus();
  await page.keyboard.press('Home');
  await expect(ribbon).toHaveAttribute('aria-valuenow', '1');
  await page.keyboard.press('ArrowRight');
  await expect(ribbon).toHaveAttribute('aria-valuenow', '2');
  await expect(ribbon).toHaveAttribute('aria-valuetext', /^image 2 of 24, .*score \d\.\d\d/);

  const box = await ribbon.boundingBox();
  if (box === null) throw new Error('the ribbon is not on the screen');
  await page.mouse.click(box.x + box.width * (20.5 / SLICES), box.y + 40);
  await shownFrame(page, 20);
  await expect(page.getByTestId('ribbon-tip')).toContainText('image 21 of 24');
});
