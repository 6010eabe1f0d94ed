import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { electronFlags } from '../../../scripts/electronFlags.mjs';
import { ctSlice } from '../../fixtures/ctSlice.ts';
import { dicomFile } from '../../fixtures/dicomFile.ts';
import { expect, REPOSITORY, test } from '../support/launch.ts';

/** Two slices of one patient, in a folder that bears her name. */
function studyOf(folder: string, patient: string): string {
  const study = join(folder, 'Mustermann Erika');
  mkdirSync(study);
  for (const index of [0, 1]) {
    const elements = ctSlice({ index, elements: { '00100010': ['PN', patient] } });
    writeFileSync(join(study, `slice ${index}.dcm`), dicomFile(elements));
  }
  writeFileSync(join(study, 'cut.dcm'), dicomFile(ctSlice({ index: 2 })).subarray(0, 700));
  return study;
}

test('temporary files lie in a private folder that is emptied at the start and removed at the end', async ({
  folder,
  launch,
}) => {
  const dataFolder = join(folder, 'data');
  mkdirSync(join(dataFolder, 'temp'), { recursive: true });
  writeFileSync(join(dataFolder, 'temp', 'left by a crash'), '');
  const keyslice = await launch({ dataFolder });
  const temporary = await keyslice.app.evaluate(({ app }) => app.getPath('temp'));
  expect(temporary).toBe(join(dataFolder, 'temp'));
  expect(existsSync(join(temporary, 'left by a crash'))).toBe(false);
  expect(statSync(temporary).mode & 0o777).toBe(0o700);
  await keyslice.close();
  expect(existsSync(temporary)).toBe(false);
});

test('the log of a study has neither the patient nor the path', async ({ folder, launch }) => {
  const study = studyOf(folder, 'Mustermann^Erika');
  const keyslice = await launch({ paths: [study] });
  await expect.poll(() => keyslice.page.evaluate(() => document.body.textContent)).toMatch(/Mustermann/i);
  await keyslice.page.evaluate(() => window.keyslice.openRecent({ index: 0 }));
  const { log } = await keyslice.close();
  expect(log).toContain('Keyslice');
  expect(log).not.toMatch(/mustermann|erika/i);
  expect(log).not.toContain(folder);
});

test('a second copy hands its paths to the first and ends', async ({ folder, launch }) => {
  const dataFolder = join(folder, 'data');
  const keyslice = await launch({ dataFolder });
  await keyslice.page.evaluate(() => {
    window.keyslice.onEvent((event) => {
      if (event.type === 'studyOpened') document.title = `opened ${event.study.series.length}`;
    });
  });
  const electron: unknown = createRequire(import.meta.url)('electron');
  const args = [
    ...electronFlags(),
    `--user-data-dir=${dataFolder}`,
    REPOSITORY,
    studyOf(folder, 'Mustermann^Erika'),
  ];
  const second = spawn(String(electron), args, { stdio: 'ignore' });
  const exitCode = await new Promise((resolve) => second.once('exit', resolve));
  expect(exitCode).toBe(0);
  await expect.poll(() => keyslice.page.title()).toBe('opened 1');
  expect(await keyslice.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('text from a file is shown as text', async ({ folder, launch }) => {
  const study = studyOf(folder, '<img src=x onerror=alert(1)>^<b>Bold</b>');
  const { page } = await launch({ paths: [study] });
  await expect.poll(() => page.evaluate(() => document.body.textContent)).toContain('onerror');
  expect(await page.locator('img[src="x"], body b:text("Bold")').count()).toBe(0);
});
