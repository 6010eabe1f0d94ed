import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { electronFlags, hasDisplay } from '../../scripts/electronFlags.mjs';

/** A program in the real Electron, with a data folder that no other run has had. */
export interface ElectronRun {
  app: ElectronApplication;
  page: Page;
}

/**
 * Starts a program in Electron, hands its first window to `work`, and quits it. The processes are new each time:
 * nothing is decoded, compiled or cached from an earlier run, only the files lie in the system's cache.
 *
 * @param program folder with a package.json, or a script
 * @param prepare fills the data folder before the start
 */
export async function withElectron<T>(
  program: string,
  prepare: (dataFolder: string) => Promise<void>,
  work: (run: ElectronRun) => Promise<T>,
): Promise<T> {
  if (!hasDisplay()) throw new Error('There is no display: put `xvfb-run -a` before the command.');
  const dataFolder = mkdtempSync(join(tmpdir(), 'keyslice-bench-'));
  try {
    await prepare(dataFolder);
    const app = await _electron.launch({
      args: [...electronFlags(), `--user-data-dir=${dataFolder}`, program],
    });
    try {
      const page = await app.firstWindow();
      await page.waitForLoadState('load');
      return await work({ app, page });
    } finally {
      await app.close();
    }
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}
