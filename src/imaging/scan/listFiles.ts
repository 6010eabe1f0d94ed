import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KeysliceError, failure, throwIfCancelled, type Failure } from '../../contract/errors.ts';
import { fileSystemError } from './openFile.ts';
import { compareNatural } from './compareNatural.ts';

export interface Listing {
  /** True when the path named a file, not a folder. */
  single: boolean;
  /** In natural order of their paths. */
  files: string[];
  /** Folders and links that could not be followed. */
  failures: Failure[];
}

/**
 * All regular files at or under a path. Links are followed; a folder that was already visited under another
 * name is not entered again, so that loops end.
 * @throws KeysliceError PATH_NOT_FOUND, FILE_UNREADABLE, CANCELLED
 */
export async function listFiles(path: string, signal?: AbortSignal): Promise<Listing> {
  const listing: Listing = { single: false, files: [], failures: [] };
  try {
    const found = await stat(path);
    if (!found.isDirectory()) {
      if (!found.isFile())
        throw new KeysliceError('FILE_UNREADABLE', { reason: 'it is not a regular file' }, { path });
      return { ...listing, single: true, files: [path] };
    }
  } catch (thrown) {
    throw thrown instanceof KeysliceError ? thrown : fileSystemError(thrown, path);
  }
  await walk(path, listing, new Set(), signal);
  listing.files.sort(compareNatural);
  return listing;
}

async function walk(
  folder: string,
  listing: Listing,
  visited: Set<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  throwIfCancelled(signal);
  try {
    const real = await realpath(folder);
    if (visited.has(real)) return;
    visited.add(real);
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isFile()) listing.files.push(path);
      else if (entry.isDirectory()) await walk(path, listing, visited, signal);
      else if (entry.isSymbolicLink()) await followLink(path, listing, visited, signal);
    }
  } catch (thrown) {
    if (thrown instanceof KeysliceError) throw thrown;
    listing.failures.push(failure(folder, fileSystemError(thrown, folder)));
  }
}

async function followLink(
  path: string,
  listing: Listing,
  visited: Set<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const target = await stat(path);
    if (target.isDirectory()) await walk(path, listing, visited, signal);
    else if (target.isFile()) listing.files.push(path);
  } catch (thrown) {
    if (thrown instanceof KeysliceError) throw thrown;
    listing.failures.push(failure(path, fileSystemError(thrown, path)));
  }
}
