import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ctSlice, writeCtSeries } from '../fixtures/ctSlice.ts';
import { dicomFile } from '../fixtures/dicomFile.ts';
import { expect, test } from './support/launch.ts';
import { PATIENCE_MS, drawnPicture, shown } from './support/viewport.ts';

test('an evenly spaced volume is shown in three planes that move together', async ({ launch, folder }) => {
  writeCtSeries(join(folder, 'ct'), 20, { rows: 48, columns: 48 });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  await page.keyboard.press('v');
  await page.locator('[data-testid="mpr"][data-state="shown"]').waitFor({ timeout: PATIENCE_MS });
  for (const plane of ['axial', 'sagittal', 'coronal']) await drawnPicture(page.getByTestId(`pane-${plane}`));
  const ribbon = page.getByRole('slider', { name: 'Scores of all images' });
  const before = Number(await ribbon.getAttribute('aria-valuenow'));
  await page.getByTestId('pane-axial').hover();
  await page.mouse.wheel(0, 120);
  await expect(ribbon).not.toHaveAttribute('aria-valuenow', String(before));
  await page.keyboard.press('v');
  await shown(page);
});

test('unevenly spaced slices are refused in words, with the way back', async ({ launch, folder }) => {
  const target = join(folder, 'uneven');
  mkdirSync(target);
  for (const [index, z] of [0, 2.5, 5, 9, 11.5].entries()) {
    const slice = ctSlice({ index, rows: 16, columns: 16, position: [-10, -20, z] });
    writeFileSync(join(target, `${String(index)}.dcm`), dicomFile(slice));
  }
  const { page } = await launch({ paths: [target] });
  await shown(page);
  await page.keyboard.press('v');
  await expect(page.getByTestId('mpr-refused')).toContainText('unevenly spaced');
  await page.getByRole('button', { name: 'Back to the images' }).click();
  await shown(page);
});
