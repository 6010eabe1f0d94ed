import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import dicomParser from 'dicom-parser';
import { expect, test } from './support/launch.ts';
import { PATIENCE_MS, drawnPicture, shown, shownFrame, triaged } from './support/viewport.ts';

const SLICES = 48;

interface Exported {
  instanceNumbers: number[];
  seriesUids: Set<string>;
  imageTypes: Set<string>;
  pixelBytes: Buffer[];
}

/** Reads DICOM files of a folder with a reader that is not Keyslice's. */
function readFolder(folder: string): Exported {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.dcm$/i.test(name),
  );
  const exported: Exported = {
    instanceNumbers: [],
    seriesUids: new Set(),
    imageTypes: new Set(),
    pixelBytes: [],
  };
  for (const file of files) {
    const bytes = readFileSync(join(folder, file));
    const dataSet = dicomParser.parseDicom(bytes);
    exported.instanceNumbers.push(Number(dataSet.string('x00200013')));
    exported.seriesUids.add(dataSet.string('x0020000e') ?? '');
    exported.imageTypes.add(dataSet.string('x00080008') ?? '');
    const element = dataSet.elements['x7fe00010'];
    const fragments = element?.fragments ?? [];
    exported.pixelBytes.push(
      Buffer.concat(fragments.map(({ position, length }) => bytes.subarray(position, position + length))),
    );
  }
  return exported;
}

test('open, triage, jump, export, and the export read back', async ({ launch, folder }) => {
  const { app, page } = await launch();
  await page.getByTestId('open-sample').click();
  await shown(page);
  await triaged(page);
  await drawnPicture(page.getByTestId('picture'));

  await page.getByTestId('k-number').fill('10');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('key-count')).toHaveText('10');
  await page.keyboard.press('Home');
  await shownFrame(page, 0);
  await page.getByTestId('next-key').click();
  await expect(page.getByTestId('key-badge')).toHaveText(/^KEY \d+ \/ 10$/);
  await page.getByTestId('verdict-accepted').click();
  await expect(page.getByTestId('verdict-accepted')).toHaveAttribute('aria-pressed', 'true');

  const target = join(folder, 'export');
  mkdirSync(target);
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, target);
  await page.keyboard.press('Control+e');
  await page.getByTestId('choose-target').click();
  await page.getByTestId('start-export').click();
  await page.getByTestId('export-done').waitFor({ timeout: PATIENCE_MS });
  const out = (await page.getByTestId('export-out').locator('b').textContent())?.trim() ?? '';

  const triage = JSON.parse(readFileSync(join(out, 'triage.json'), 'utf8')) as {
    selected: number[];
    scores: (number | null)[];
    use: string;
    review: { verdict: string };
  };
  expect(triage.selected).toHaveLength(10);
  expect(triage.scores).toHaveLength(SLICES);
  expect(triage.use).toBe('research use, not for diagnosis');
  expect(triage.review.verdict).toBe('accepted');

  const exported = readFolder(out);
  expect(exported.instanceNumbers).toHaveLength(10);
  expect(exported.seriesUids.size).toBe(1);
  expect([...exported.imageTypes].every((type) => type.startsWith('DERIVED'))).toBe(true);
  const source = readFolder('resources/sample/study');
  expect([...exported.seriesUids]).not.toEqual([...source.seriesUids]);
  // Pixel data untouched: every exported frame's compressed bytes are those of a file of the study.
  for (const bytes of exported.pixelBytes) {
    expect(bytes.length).toBeGreaterThan(0);
    expect(source.pixelBytes.some((original) => original.equals(bytes))).toBe(true);
  }
});
