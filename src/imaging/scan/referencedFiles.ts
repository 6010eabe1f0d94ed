/** From the file IDs of a DICOMDIR to files below its folder. */
import { readdir, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { KeysliceError } from '../../contract/errors.ts';
import { failedFile, type Contents, type FailedFile, type FoundFile } from './foundFile.ts';
import { FILES_AT_ONCE, mapBounded } from './mapBounded.ts';
import { shownName } from './memberName.ts';
import { fileSystemError } from './openFile.ts';

/**
 * The files that a DICOMDIR names, each once. A name is followed below the folder of the DICOMDIR only: one that climbs,
 * starts at a root, names a drive, or leads out over a link is refused; what is not there is told, too.
 *
 * @param ids components of each Referenced File ID (PS3.10 8.2)
 * @throws KeysliceError PATH_NOT_FOUND, FILE_UNREADABLE for the folder itself, CANCELLED
 */
export async function referencedFiles(
  dicomDirectory: FoundFile,
  ids: readonly (readonly string[])[],
  signal: AbortSignal | undefined,
): Promise<Contents> {
  const root = dirname(dicomDirectory.path);
  const realRoot = await realpath(root).catch((thrown: unknown) => {
    throw fileSystemError(thrown, root);
  });
  const folders = new FolderNames();
  const find = async (id: readonly string[]): Promise<FoundFile | FailedFile> => {
    const parts = id.flatMap((component) => component.split('/'));
    const shownPath = join(dirname(dicomDirectory.shownPath), shownName(parts.join('/')));
    try {
      if (!parts.every(isPlainName)) throw new KeysliceError('REFERENCE_REFUSED');
      const path = await folders.find(root, parts);
      const real = await realpath(path);
      if (!real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep))
        throw new KeysliceError('REFERENCE_REFUSED');
      return { path, shownPath: path, depth: dicomDirectory.depth };
    } catch (thrown) {
      return failedFile(shownPath, fileSystemError(thrown, shownPath));
    }
  };
  const found = await mapBounded(ids, FILES_AT_ONCE, find, signal);
  const files = new Map(found.flatMap((each) => ('error' in each ? [] : [[each.path, each]])));
  return { files: [...files.values()], failed: found.filter((each) => 'error' in each) };
}

/** A name of one file or folder, and nothing that a file system could take for more. */
const isPlainName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[\0\\/]/.test(name) && !/^[A-Za-z]:/.test(name);

/** The names in folders, listed once: media differ from their index in case, and often have endings that it lacks. */
class FolderNames {
  readonly #folders = new Map<string, Promise<Map<string, string>>>();

  /** @throws KeysliceError PATH_NOT_FOUND when there is nothing of this name, and what the file system says */
  async find(root: string, parts: readonly string[]): Promise<string> {
    let path = root;
    for (const part of parts) {
      const names = await this.#namesIn(path);
      const name = names.get(part) ?? names.get(alike(part));
      if (name === undefined) throw new KeysliceError('PATH_NOT_FOUND');
      path = join(path, name);
    }
    return path;
  }

  #namesIn(folder: string): Promise<Map<string, string>> {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const listed = listNames(folder);
    this.#folders.set(folder, listed);
    return listed;
  }
}

async function listNames(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder);
  const found = new Map<string, string>();
  for (const name of names) found.set(alike(name), name);
  // The exact names are set last, so that they win over those that are only alike.
  for (const name of names) found.set(name, name);
  return found;
}

/** Case, the version of ISO 9660 and the usual endings do not matter. */
const alike = (name: string): string =>
  name
    .toLowerCase()
    .replace(/;\d+$/, '')
    .replace(/\.(dcm)?$/, '');
