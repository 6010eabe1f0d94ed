import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ctSlice, usLoop, writeCtSeries } from '../fixtures/ctSlice.ts';
import { dicomFile } from '../fixtures/dicomFile.ts';
import { niftiFile } from '../fixtures/niftiFile.ts';
import { expect, test } from './support/launch.ts';
import { PATIENCE_MS, Picture, drawnPicture, shown, shownFrame, triaged } from './support/viewport.ts';

const SCREENS = 'test-results/screens';

async function screen(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(SCREENS, `${name}.png`), animations: 'disabled' });
}

/** WCAG 2 A and AA of what is on the screen. Electron has no second page for axe to open: legacy mode. */
async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
  expect(told).toEqual([]);
}

test('the empty window says what it takes, and is accessible in both themes', async ({ launch }) => {
  const { page } = await launch();
  await expect(page.getByTestId('open-sample')).toBeVisible();
  await screen(page, 'empty');
  await accessible(page);
  await page.getByTestId('settings-button').click();
  await page.getByTestId('theme').selectOption('light');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await screen(page, 'settings-light');
  await accessible(page);
});

test('the sample study in scope and out of scope, its dialogs, and the light theme', async ({ launch }) => {
  test.slow();
  const { page } = await launch();
  await page.getByTestId('open-sample').click();
  await shown(page);
  await screen(page, 'streaming');
  await triaged(page);
  await expect(page.getByTestId('classification').locator('[data-state="out-of-scope"]')).toBeVisible();
  await screen(page, 'result-out-of-scope');
  await accessible(page);

  await page.keyboard.press('?');
  await expect(page.getByTestId('help')).toBeVisible();
  await screen(page, 'help');
  await accessible(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+e');
  await expect(page.getByTestId('export-dialog')).toBeVisible();
  await screen(page, 'export');
  await accessible(page);
  await page.keyboard.press('Escape');

  await page.keyboard.press('v');
  await page.locator('[data-testid="mpr"][data-state="shown"]').waitFor({ timeout: PATIENCE_MS });
  await screen(page, 'mpr');
  await page.keyboard.press('v');

  await page.getByTestId('series-1').click();
  await shown(page);
  await triaged(page);
  await expect(page.getByTestId('classification').locator('[data-state="in-scope"]')).toBeVisible();
  await screen(page, 'result-in-scope');
  await accessible(page);
  await page.getByTestId('settings-button').click();
  await page.getByTestId('theme').selectOption('light');
  await page.keyboard.press('Escape');
  await screen(page, 'light');
  await accessible(page);
});

test('a small window folds the film strip, then the left panel', async ({ launch, folder }) => {
  writeCtSeries(join(folder, 'ct'), 12, { rows: 64, columns: 64 });
  const { app, page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  await triaged(page);
  const resize = (width: number, height: number): Promise<void> =>
    app.evaluate(
      ({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
      },
      { width, height },
    );
  await resize(1280, 720);
  await expect(page.getByRole('group', { name: 'Key images' })).toBeHidden();
  await expect(page.getByText('Study', { exact: true })).toBeVisible();
  await screen(page, 'window-1280x720');
  await resize(1100, 720);
  await expect(page.getByText('Study', { exact: true })).toBeHidden();
  await expect(page.getByTestId('series-0')).toBeVisible();
  await screen(page, 'window-1100x720');
});

test('a truncated file is listed with its reason and the others open', async ({ launch, folder }) => {
  const study = join(folder, 'ct');
  const [first = '', ...others] = writeCtSeries(study, 6, { rows: 32, columns: 32 });
  writeFileSync(first, readFileSync(first).subarray(0, 200));
  const { page } = await launch({ paths: [study] });
  await shown(page);
  await expect(page.getByTestId('series-0')).toContainText(`${String(others.length)} images`);
  await expect(page.getByTestId('failures-badge')).toHaveText('1 file could not be read');
  await page.getByTestId('failures-badge').click();
  await expect(page.getByTestId('failure')).toContainText('slice-001.dcm');
  await screen(page, 'failures');
  await accessible(page);
});

test('a frame that cannot be decoded is shown as failed, never as its neighbour', async ({
  launch,
  folder,
}) => {
  const study = join(folder, 'ct');
  writeCtSeries(study, 5, { rows: 32, columns: 32 });
  // RLE whose header promises more segments than there are (PS3.5 G.5).
  const broken = ctSlice({ index: 5, rows: 32, columns: 32 });
  const fragments = { fragments: [new Uint8Array(64).fill(0xff)] };
  const file = dicomFile(
    { ...broken, '7FE00010': ['OB', fragments] },
    { transferSyntax: '1.2.840.10008.1.2.5' },
  );
  writeFileSync(join(study, 'broken.dcm'), file);
  const { page } = await launch({ paths: [study] });
  await shown(page);
  await triaged(page);
  await page.keyboard.press('End');
  await expect(page.getByTestId('failed-frame')).toContainText('Image 6 could not be decoded', {
    timeout: PATIENCE_MS,
  });
  await expect(page.getByTestId('failed-frame')).toContainText('FRAME_FAILED');
  await screen(page, 'failed-frame');
  const ribbon = page.getByRole('slider', { name: 'Scores of all images' });
  await expect(ribbon).toHaveAttribute('aria-valuetext', /could not be decoded/);
  await page.keyboard.press('ArrowUp');
  await shownFrame(page, 4);
});

test('one image, without a spacing: measured in pixels, nothing to choose', async ({ launch, folder }) => {
  const file = join(folder, 'one.dcm');
  writeFileSync(file, dicomFile({ ...ctSlice({ rows: 64, columns: 64 }), '00280030': ['DS', ''] }));
  const { page } = await launch({ paths: [file] });
  await shown(page);
  await triaged(page);
  await expect(page.getByText('sizes in pixels')).toBeVisible();
  await expect(page.getByTestId('count')).toHaveText('single image');
  await page.keyboard.press('l');
  const box = await page.getByTestId('picture').boundingBox();
  if (box === null) throw new Error('the picture is not on the screen');
  await page.mouse.move(box.x + box.width * 0.45, box.y + 200);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.55, box.y + 200, { steps: 4 });
  await page.mouse.up();
  await expect(page.locator('.svg-layer text')).toContainText(/\d px$/);
  await screen(page, 'single-image');
});

test('a loop plays by its own time and says the true and the wanted rate', async ({ launch, folder }) => {
  const file = join(folder, 'us.dcm');
  writeFileSync(file, dicomFile(usLoop(20, 50, 64, 64)));
  const { page } = await launch({ paths: [file] });
  await shownFrame(page, 0);
  await triaged(page);
  await page.keyboard.press('Space');
  await expect(page.getByTestId('cine-rate')).toHaveText(/^\d+\.\d of 20\.0 fps$/, { timeout: PATIENCE_MS });
  await page.keyboard.press(']');
  await expect(page.getByTestId('cine-rate')).toHaveText(/of 30\.0 fps$/);
  await screen(page, 'cine');
  await page.keyboard.press('Space');
  await expect(page.getByTestId('cine-rate')).toHaveCount(0);
});

test('a 4D series has a phase control; each phase is its own pictures', async ({ launch, folder }) => {
  const file = join(folder, 'bold.nii');
  const values = Int16Array.from({ length: 16 * 16 * 6 * 3 }, (_, at) => {
    const phase = Math.floor(at / (16 * 16 * 6));
    return phase === 1 ? (at % 16) * 60 : (Math.floor(at / 16) % 16) * 60;
  });
  writeFileSync(file, niftiFile({ dims: [16, 16, 6, 3], datatype: 4, bitsPerVoxel: 16, data: values }));
  const still = { dims: [16, 16, 6], datatype: 4, bitsPerVoxel: 16, data: values.subarray(0, 16 * 16 * 6) };
  writeFileSync(join(folder, 'still.nii'), niftiFile(still));
  const { page } = await launch({ paths: [folder] });
  await shown(page);
  await triaged(page);
  await expect(page.getByTestId('phase')).toContainText('1 of 3');
  const first = await drawnPicture(page.getByTestId('picture'));
  await page.getByTestId('next-phase').click();
  await expect(page.getByTestId('phase')).toContainText('2 of 3');
  await shown(page);
  const [x, y] = [first.width / 2 - 200, first.height / 2 - 150];
  const second = async (): Promise<number[]> => (await Picture.of(page.getByTestId('picture'))).at(x, y);
  await expect.poll(second).not.toEqual(first.at(x, y));
  await screen(page, 'phases');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId('phase')).toContainText('3 of 3');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByTestId('phase')).toContainText('2 of 3');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(page.getByTestId('series-1')).toHaveAttribute('aria-current', 'true');
  await expect(page.getByTestId('phase')).toHaveCount(0);
  await page.keyboard.press('Shift+ArrowUp');
  await expect(page.getByTestId('series-0')).toHaveAttribute('aria-current', 'true');
});

test('an empty folder says that no images were found, and what to do', async ({ launch, folder }) => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  const { page } = await launch({ paths: [empty] });
  await expect(page.getByTestId('open-error')).toContainText('NO_IMAGES', { timeout: PATIENCE_MS });
  await screen(page, 'open-failed');
  await accessible(page);
});

test('the name beside the images is that of their patient, in a folder of two people', async ({
  launch,
  folder,
}) => {
  const of = (uid: string, name: string, id: string): Parameters<typeof writeCtSeries>[2] => ({
    studyUid: `2.25.${uid}`,
    seriesUid: `2.25.${uid}.1`,
    elements: { '00100010': ['PN', name], '00100020': ['LO', id] },
  });
  writeCtSeries(join(folder, 'people', 'a'), 3, of('31', 'Doe^Jane', 'P-1'));
  writeCtSeries(join(folder, 'people', 'b'), 3, of('32', 'Roe^Richard', 'P-2'));
  const { page } = await launch({ paths: [join(folder, 'people')] });
  await shown(page);
  const patient = page.getByTestId('patient');
  await page.getByTestId('series-1').click();
  await expect(patient).toHaveText(/Roe/);
  await page.getByTestId('series-0').click();
  await expect(patient).toHaveText(/Doe/);
  // Each person's series stand below a name of their own.
  await expect(page.getByTestId('left-panel').getByText(/P-2/)).toBeVisible();
});
