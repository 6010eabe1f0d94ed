import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** Where package managers put programs; an app that was started from the desktop may not have them on its PATH. */
const USUAL_FOLDERS = ['/usr/local/bin', '/opt/homebrew/bin', '/usr/bin'];

/** Where programs are looked for: the folders of a PATH, then the usual ones. */
export const programFolders = (searchPath: string): string[] => [
  ...searchPath.split(delimiter),
  ...USUAL_FOLDERS,
];

/**
 * Absolute path of a program, or null. Looked for by hand, in absolute folders only: Windows would look in the
 * current folder first, which may hold what somebody sent.
 */
export async function findProgram(name: string, folders: readonly string[]): Promise<string | null> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of folders.filter((candidate) => isAbsolute(candidate))) {
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
