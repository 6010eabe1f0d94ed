import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Card } from '../contract/card.ts';
import type { ModelsDocument } from '../contract/documents.ts';
import { KeysliceError, toKeysliceError, type ErrorReport } from '../contract/errors.ts';
import { listPackages, type PackageEntry } from '../ml/packages/listPackages.ts';
import { loadPackage } from '../ml/packages/loadPackage.ts';
import type { Installation } from './installation.ts';

/** Where packages that a person added are kept: `$XDG_DATA_HOME/keyslice/models`, by default under `~/.local/share`. */
export function userModelsFolder(): string {
  const data = process.env['XDG_DATA_HOME'];
  const root = data === undefined || data === '' ? path.join(homedir(), '.local', 'share') : data;
  return path.join(root, 'keyslice', 'models');
}

/** Packages with their files checked against the card. */
export interface VerifiedModels extends ModelsDocument {
  /** Why a package cannot be used, by id. */
  errors: ReadonlyMap<string, ErrorReport>;
}

/** Every installed package; `ok` when its card, hashes and graphs hold. */
export async function verifyModels(installation: Installation): Promise<VerifiedModels> {
  const errors = new Map<string, ErrorReport>();
  const entries = await listPackages(installation.models);
  for (const entry of entries) {
    const error = await loadError(entry);
    if (error !== null) errors.set(entry.id, error.report());
  }
  const models = entries.map(({ id, card, folder }) => ({
    id,
    version: card?.version ?? '',
    title: card?.title ?? '',
    task: card?.task ?? '',
    licence: card?.licence ?? '',
    ok: !errors.has(id),
    path: folder,
  }));
  return { models, errors };
}

async function loadError(entry: PackageEntry): Promise<KeysliceError | null> {
  if (entry.card === null) return entry.error;
  try {
    await loadPackage(entry.folder);
    return null;
  } catch (thrown) {
    return toKeysliceError(thrown, entry.folder);
  }
}

/** The card of one package. @throws KeysliceError PACKAGE_NOT_FOUND, PACKAGE_INVALID */
export async function showModel(installation: Installation, id: string): Promise<Card> {
  const entry = (await listPackages(installation.models)).find((candidate) => candidate.id === id);
  if (entry === undefined) throw new KeysliceError('PACKAGE_NOT_FOUND', { id });
  if (entry.card === null) throw entry.error;
  return entry.card;
}

/** Copies a package that holds into the person's own folder, whole or not at all. @throws KeysliceError */
export async function addModel(folder: string): Promise<Card> {
  const { card } = await loadPackage(path.resolve(folder));
  const target = path.join(userModelsFolder(), card.id);
  if (await isThere(target)) throw new KeysliceError('TARGET_NOT_EMPTY', {}, { path: target });
  const temporary = path.join(userModelsFolder(), `.adding-${card.id}-${process.pid}`);
  try {
    await mkdir(temporary, { recursive: true });
    await cp(path.resolve(folder), temporary, { recursive: true });
    await rename(temporary, target);
    return card;
  } catch (thrown) {
    await rm(temporary, { recursive: true, force: true });
    if (thrown instanceof KeysliceError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new KeysliceError('TARGET_NOT_WRITABLE', { reason }, { path: target, cause: thrown });
  }
}

/** Removes a package that a person added; the shipped ones stay. @throws KeysliceError PACKAGE_NOT_FOUND */
export async function removeModel(id: string): Promise<string> {
  const target = path.join(userModelsFolder(), id);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(id) || !(await isThere(target)))
    throw new KeysliceError('PACKAGE_NOT_FOUND', { id });
  await rm(target, { recursive: true });
  return target;
}

async function isThere(target: string): Promise<boolean> {
  try {
    await stat(target);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw new KeysliceError('FILE_UNREADABLE', { reason: String(error) }, { path: target, cause: error });
  }
}
