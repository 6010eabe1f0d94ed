import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Card, CARD_FILE, cardSchema } from '../../contract/card.ts';
import { KeysliceError } from '../../contract/errors.ts';

/** Writes a model package: the card with the hash of every file, and the files. */
export async function writePackage(
  folder: string,
  card: Omit<Card, 'files'>,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<Card> {
  const checked = cardSchema.parse({ ...card, files: hashes(files) });
  await writeFolder(folder, {
    ...files,
    [CARD_FILE]: new TextEncoder().encode(`${JSON.stringify(checked, null, 2)}\n`),
  });
  return checked;
}

function hashes(files: Readonly<Record<string, Uint8Array>>): Record<string, string> {
  const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  return Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]));
}

/** Beside the target first, then renamed: a package is there whole or not at all. */
async function writeFolder(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
  const temporary = `${folder}.part`;
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(temporary, name), bytes);
  await rm(folder, { recursive: true, force: true });
  await rename(temporary, folder);
}

/** @throws KeysliceError TARGET_NOT_EMPTY when the folder holds anything. */
export async function refuseFilled(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0) throw new KeysliceError('TARGET_NOT_EMPTY', {}, { path: folder });
}
