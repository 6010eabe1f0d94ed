import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { KeysliceError } from '../contract/errors.ts';
import { notWritable } from './notWritable.ts';

export type TargetState = 'absent' | 'empty' | 'full';

/** A folder that may be written to: links resolved as far as it exists. */
export interface TargetFolder {
  path: string;
  state: TargetState;
}

/**
 * Checks that a target may be written to: outside every source, holding no source, empty unless it may be
 * overwritten. Folders are told apart by device and inode, so links and letter case do not mislead.
 *
 * @throws KeysliceError TARGET_INSIDE_SOURCE, TARGET_NOT_EMPTY, TARGET_NOT_WRITABLE
 */
export async function checkTarget(
  target: string,
  sourcePaths: readonly string[],
  overwrite: boolean,
): Promise<TargetFolder> {
  const path = await resolveExisting(resolve(target));
  const state = await targetState(path);
  const ancestors = await identities(path);
  for (const source of sourcePaths) await refuseOverlap(path, state, ancestors, source);
  if (state === 'full') {
    if (!overwrite) throw new KeysliceError('TARGET_NOT_EMPTY', {}, { path });
    await refuseWorkingFolders(path);
  }
  return { path, state };
}

/** The real path of the part that exists, followed by the rest. */
async function resolveExisting(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if (!isMissing(cause) || dirname(path) === path) throw notWritable(path, cause);
    return join(await resolveExisting(dirname(path)), basename(path));
  }
}

async function targetState(path: string): Promise<TargetState> {
  try {
    return (await readdir(path)).length === 0 ? 'empty' : 'full';
  } catch (cause) {
    if (isMissing(cause)) return 'absent';
    throw notWritable(path, cause);
  }
}

async function refuseOverlap(
  path: string,
  state: TargetState,
  ancestors: ReadonlySet<string>,
  source: string,
): Promise<void> {
  const real = await realpath(source).catch((cause: unknown) => {
    throw new KeysliceError('SOURCE_CHANGED', {}, { path: source, cause });
  });
  const entry = await stat(real, { bigint: true });
  const inside = entry.isDirectory() && ancestors.has(`${entry.dev}:${entry.ino}`);
  const holds = state !== 'absent' && (await identities(real)).has(await identity(path));
  if (inside || holds) throw new KeysliceError('TARGET_INSIDE_SOURCE', {}, { path });
}

/** Overwriting replaces a whole folder: never one that holds the home or the working folder. */
async function refuseWorkingFolders(path: string): Promise<void> {
  const own = await identity(path);
  for (const folder of [homedir(), process.cwd()]) {
    if ((await identities(folder)).has(own)) {
      throw new KeysliceError('TARGET_NOT_WRITABLE', { reason: `it holds the folder ${folder}` }, { path });
    }
  }
}

/** Device and inode of a path and of all folders above it; parts that do not exist are passed over. */
async function identities(path: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (let at = path; ; at = dirname(at)) {
    const exists = await lstat(at).then(
      () => true,
      (cause: unknown) => {
        if (isMissing(cause)) return false;
        throw notWritable(at, cause);
      },
    );
    if (exists) found.add(await identity(at));
    if (dirname(at) === at) return found;
  }
}

async function identity(path: string): Promise<string> {
  const { dev, ino } = await stat(path, { bigint: true });
  return `${dev}:${ino}`;
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
