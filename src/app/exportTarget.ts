import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { KeysliceError } from '../contract/errors.ts';

const NAME = 'keyslice-export';

/**
 * Where an export goes when a person chose a folder: that folder when it is empty, otherwise a new one inside it, so
 * that nothing of theirs can be replaced.
 * @throws KeysliceError TARGET_NOT_WRITABLE when the folder cannot be listed
 */
export async function exportTarget(chosen: string): Promise<string> {
  const names = new Set(await namesIn(chosen));
  if (names.size === 0) return chosen;
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME}-${number}`;
    if (!names.has(name)) return path.join(chosen, name);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeysliceError('TARGET_NOT_WRITABLE', { reason }, { path: folder, cause });
  }
}
