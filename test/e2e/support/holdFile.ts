import type { ElectronApplication } from '@playwright/test';

/**
 * Makes the main process wait when it opens files with this ending, as on a drive that has to wake up, until it is
 * released.
 */
export async function holdFile(app: ElectronApplication, ending: string): Promise<() => Promise<void>> {
  const gate = await app.evaluateHandle((_, name) => {
    const files = process.getBuiltinModule('node:fs/promises');
    const { open } = files;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    files.open = async (path, ...rest) => {
      if (typeof path === 'string' && path.endsWith(name)) await released;
      return open(path, ...rest);
    };
    // Modules that have imported `open` by its name see the new one.
    process.getBuiltinModule('node:module').syncBuiltinESMExports();
    return { release };
  }, ending);
  return () =>
    gate.evaluate(({ release }) => {
      release();
    });
}
