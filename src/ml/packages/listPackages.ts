import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Card } from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';
import { readCard } from './loadPackage.ts';
import { invalidPackage } from './modelPackage.ts';

/** A folder that looks like a package; `card` null with the reason in `error` when it cannot be used. */
export type PackageEntry =
  | { readonly folder: string; readonly id: string; readonly card: Card; readonly error: null }
  | { readonly folder: string; readonly id: string; readonly card: null; readonly error: KeysliceError };

/**
 * Every package in some folders, by id; of two with the same id the one in the earlier folder counts. A folder that
 * does not exist holds none.
 * @throws KeysliceError FILE_UNREADABLE
 */
export async function listPackages(folders: readonly string[]): Promise<PackageEntry[]> {
  const found = new Map<string, PackageEntry>();
  for (const folder of folders) {
    for (const id of await subfolders(folder)) if (!found.has(id)) found.set(id, await entry(folder, id));
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((item) => item.isDirectory() && !item.name.startsWith('.')).map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    const reason = error instanceof Error ? error.message : String(error);
    throw new KeysliceError('FILE_UNREADABLE', { reason }, { path: folder, cause: error });
  }
}

async function entry(parent: string, id: string): Promise<PackageEntry> {
  const folder = join(parent, id);
  try {
    const card = await readCard(folder);
    if (card.id !== id) throw invalidPackage(id, `its card names another package, ${card.id}`);
    return { folder, id, card, error: null };
  } catch (error) {
    if (!(error instanceof KeysliceError)) throw error;
    return { folder, id, card: null, error };
  }
}
