import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where package managers put programs; an app that was started from the desktop may not have them on its PATH. */
const USUAL_FOLDERS = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin'];

/**
 * Absolute path of a program, or null. Looked for by hand, in absolute folders only: Windows would look in the
 * current folder first, which may hold what somebody sent.
 */
export async function findProgram(name: string, searchPath: string): Promise<string | null> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = [...searchPath.split(delimiter), ...USUAL_FOLDERS].filter((folder) => isAbsolute(folder));
  for (const folder of new Set(folders)) {
    const path = join(folder, file);
    if (await isExecutable(path)) return path;
  }
  return null;
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
