import { DEFAULT_SETTINGS, settingsFile, withRecent } from '../../src/app/settings.ts';
import { isBuilt } from '../../scripts/sourceStamp.mjs';
import { readyToOpen } from '../../test/e2e/support/readyToOpen.ts';
import { withElectron, type ElectronRun } from './electronRun.ts';

/** A person takes longer than this to choose a study; the page uses the time to warm its graphics. */
export const REST_MS = 2000;

/**
 * Starts the built program with one study in its list of recent ones and waits until it would be clicked.
 * @throws Error when out/ was not built from the sources that are here
 */
export function withKeyslice<T>(study: string, work: (run: ElectronRun) => Promise<T>): Promise<T> {
  const root = process.cwd();
  if (!isBuilt(root)) throw new Error('out/ does not hold the program of these sources: npm run build.');
  const remember = (dataFolder: string): Promise<void> =>
    settingsFile(dataFolder).write(withRecent(DEFAULT_SETTINGS, study));
  return withElectron(root, remember, async (run) => {
    await readyToOpen(run.page);
    await run.page.waitForTimeout(REST_MS);
    return work(run);
  });
}
