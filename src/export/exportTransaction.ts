import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { KeysliceError, throwIfCancelled } from '../contract/errors.ts';
import { notWritable } from './notWritable.ts';
import { checkTarget, type TargetFolder } from './targetFolder.ts';

export interface TransactionOptions {
  /** Files and folders that are read: the target may neither lie in them nor hold them. */
  sourcePaths: readonly string[];
  /** Replaces a folder that is not empty, as a whole. */
  overwrite: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Writes a folder all or nothing: `write` fills a temporary folder beside the target, `verify` reads it back, one
 * rename puts it in place. After any failure or cancel the target is as it was and nothing else is left.
 *
 * @returns what `write` returned
 * @throws KeysliceError TARGET_INSIDE_SOURCE, TARGET_NOT_EMPTY, TARGET_NOT_WRITABLE, CANCELLED, or what the
 *   callbacks throw
 */
export async function exportTransaction<Written>(
  target: string,
  options: TransactionOptions,
  write: (folder: string) => Promise<Written>,
  verify: (folder: string, written: Written) => Promise<void>,
): Promise<Written> {
  throwIfCancelled(options.signal);
  const checked = await checkTarget(target, options.sourcePaths, options.overwrite);
  const parent = dirname(checked.path);
  const folder = besideTarget(checked.path, 'part');
  let firstCreated: string | undefined;
  try {
    firstCreated = await mkdir(parent, { recursive: true });
    await mkdir(folder);
    const written = await write(folder);
    await syncFolder(folder);
    await verify(folder, written);
    throwIfCancelled(options.signal);
    await putInPlace(folder, checked);
    await syncFolder(parent);
    return written;
  } catch (thrown) {
    await removeLeftovers(folder, parent, firstCreated).catch((cause: unknown) => {
      throw stays(folder, `what was half written could not be removed from ${folder}`, cause);
    });
    throw notWritable(checked.path, thrown);
  }
}

const besideTarget = (path: string, role: 'part' | 'old'): string =>
  join(dirname(path), `.${basename(path)}.keyslice-${role}-${randomUUID().slice(0, 8)}`);

async function putInPlace(folder: string, { path, state }: TargetFolder): Promise<void> {
  if (state === 'absent') {
    await rename(folder, path);
    return;
  }
  const old = besideTarget(path, 'old');
  await rename(path, old);
  try {
    await rename(folder, path);
  } catch (cause) {
    await rename(old, path);
    throw cause;
  }
  await rm(old, { recursive: true, force: true }).catch((cause: unknown) => {
    throw stays(
      old,
      `the export is in place, but the folder that it replaced could not be removed from ${old}`,
      cause,
    );
  });
}

const stays = (path: string, reason: string, cause: unknown): KeysliceError =>
  new KeysliceError('TARGET_NOT_WRITABLE', { reason }, { path, cause });

/** Removes the temporary folder and the parents that were made for it, as far as they are empty. */
async function removeLeftovers(
  folder: string,
  parent: string,
  firstCreated: string | undefined,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  if (firstCreated === undefined) return;
  for (let at = parent; at.length >= firstCreated.length; at = dirname(at)) {
    if ((await readdir(at)).length > 0) return;
    await rmdir(at);
  }
}

/** Brings the entries of a folder to the disk; Windows cannot open folders and needs no such step. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
