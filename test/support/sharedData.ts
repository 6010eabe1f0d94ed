import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Path of a file or folder of the shared corpus, or null where it is absent. The corpus is looked for in
 * `$KEYSLICE_SHARED_DATA`, then beside the repository.
 */
export function sharedData(relative: string): string | null {
  const root = process.env['KEYSLICE_SHARED_DATA'] ?? resolve(REPOSITORY, '../shared/data');
  const path = resolve(root, relative);
  return existsSync(path) ? path : null;
}
