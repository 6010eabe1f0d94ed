// Pictures of the real window for the README, into docs/pictures: the sample study, opened and triaged by the built
// program. Needs a build and a display; starts a virtual one where there is none.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';
import { electronFlags, hasDisplay } from './electronFlags.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs/pictures');
const PATIENCE = { timeout: 120_000 };

if (hasDisplay()) await takePictures();
else {
  const display = ['-a', '-s', '-screen 0 1600x1000x24'];
  const { status, error } = spawnSync(
    'xvfb-run',
    [...display, process.execPath, fileURLToPath(import.meta.url)],
    {
      stdio: 'inherit',
    },
  );
  if (error !== undefined) console.error(`no display, and xvfb-run: ${error.message}`);
  process.exitCode = status ?? 1;
}

async function takePictures() {
  mkdirSync(pictures, { recursive: true });
  const data = mkdtempSync(join(tmpdir(), 'keyslice-pictures-'));
  const app = await _electron.launch({
    cwd: root,
    args: [...electronFlags(), `--user-data-dir=${data}`, root],
  });
  try {
    await showWindow(await app.firstWindow());
  } finally {
    await app.close();
    rmSync(data, { recursive: true, force: true });
  }
}

/** @param {import('@playwright/test').Page} page */
async function showWindow(page) {
  /** @param {string} name */
  const picture = async (name) => {
    const path = join(pictures, `${name}.png`);
    await page.screenshot({ path, animations: 'disabled' });
    console.log(path);
  };
  await page.getByTestId('open-sample').click(PATIENCE);
  await finished(page);
  await page.getByTestId('k-number').fill('12');
  await page.keyboard.press('Enter');
  await page.getByTestId('key-count').getByText('12', { exact: true }).waitFor(PATIENCE);
  await page.keyboard.press('n');
  await page.getByTestId('key-badge').waitFor(PATIENCE);
  await picture('main');
  await page.keyboard.press('v');
  await page.locator('[data-testid="mpr"][data-state="shown"]').waitFor(PATIENCE);
  await picture('planes');
  await page.keyboard.press('v');
  await page.getByTestId('series-1').click();
  await finished(page);
  await picture('classified');
}

/** @param {import('@playwright/test').Page} page */
async function finished(page) {
  await page.locator('[data-testid="viewport"][data-state="shown"]').waitFor(PATIENCE);
  await page.locator('[data-testid="ribbon"][data-state="final"]').waitFor(PATIENCE);
  await page.locator('[data-testid^="film-"] [data-state="shown"]').first().waitFor(PATIENCE);
}
