import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Failure } from '../../contract/errors.ts';
import { fileSystemError, notRegular } from './openFile.ts';
import { compareNatural } from './compareNatural.ts';
import { FILES_AT_ONCE, mapBounded } from './mapBounded.ts';

export interface Listing {
  /** True when the path named a file, not a folder. */
  single: boolean;
  /** In natural order of their paths. */
  files: string[];
  /** Folders and links that could not be followed. */
  failures: Failure[];
}

/**
 * All regular files at or under a path; pipes, sockets and devices are left out. Links are followed; a folder that was
 * already visited under another name is not entered again, so that loops end. One level of folders is listed at a
 * time, many folders at once.
 * @throws KeysliceError PATH_NOT_FOUND, FILE_UNREADABLE, CANCELLED
 */
export async function listFiles(path: string, signal?: AbortSignal): Promise<Listing> {
  const kind = await kindAt(path);
  if (kind === 'other') throw notRegular(path);
  if (kind === 'file') return { single: true, files: [path], failures: [] };
  const listing: Listing = { single: false, files: [], failures: [] };
  const visited = new Set<string>();
  let level = [path];
  while (level.length > 0) {
    const real = await mapBounded(level, FILES_AT_ONCE, (folder) => attempt(folder, realPathOf), signal);
    const entered = level.filter((_, index) => isNew(real[index], visited, listing));
    const found = await mapBounded(entered, FILES_AT_ONCE, (folder) => attempt(folder, entriesOf), signal);
    level = [];
    for (const entry of found.flatMap((each) => reached(each, listing) ?? [])) {
      if (entry.kind === 'file') listing.files.push(entry.path);
      else if (entry.kind === 'folder') level.push(entry.path);
      else if (typeof entry.kind === 'object') listing.failures.push(entry.kind);
    }
  }
  listing.files.sort(compareNatural);
  return listing;
}

type Kind = 'file' | 'folder' | 'other';

interface Entry {
  path: string;
  /** A failure: a link that leads nowhere. */
  kind: Kind | Failure;
}

/** What the file system gives for a path, or why it gives nothing. */
async function attempt<T>(path: string, work: (path: string) => Promise<T>): Promise<{ value: T } | Failure> {
  try {
    return { value: await work(path) };
  } catch (thrown) {
    return failure(path, fileSystemError(thrown, path));
  }
}

/** The value, or null with the failure noted. */
function reached<T>(result: { value: T } | Failure | undefined, listing: Listing): T | null {
  if (result === undefined) return null;
  if ('value' in result) return result.value;
  listing.failures.push(result);
  return null;
}

const realPathOf = (path: string): Promise<string> => realpath(path);

function isNew(
  result: { value: string } | Failure | undefined,
  visited: Set<string>,
  listing: Listing,
): boolean {
  const real = reached(result, listing);
  if (real === null || visited.has(real)) return false;
  visited.add(real);
  return true;
}

/** What lies in a folder, in an order that does not depend on the drive: folders first, then links, by name. */
async function entriesOf(folder: string): Promise<Entry[]> {
  const listed = await readdir(folder, { withFileTypes: true });
  const links = listed.filter((entry) => entry.isSymbolicLink()).sort(byName);
  const others = listed.filter((entry) => !entry.isSymbolicLink()).sort(byName);
  const followed = await mapBounded(links, FILES_AT_ONCE, async ({ name }) => {
    const path = join(folder, name);
    const kind = await attempt(path, kindAt);
    return { path, kind: 'value' in kind ? kind.value : kind };
  });
  return [...others.map((entry) => ({ path: join(folder, entry.name), kind: kindOf(entry) })), ...followed];
}

const byName = (a: Dirent, b: Dirent): number => compareNatural(a.name, b.name);

/** Follows links. @throws KeysliceError PATH_NOT_FOUND, FILE_UNREADABLE */
async function kindAt(path: string): Promise<Kind> {
  try {
    return kindOf(await stat(path));
  } catch (thrown) {
    throw fileSystemError(thrown, path);
  }
}

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory'>): Kind {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}
