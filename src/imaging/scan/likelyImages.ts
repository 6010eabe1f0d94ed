import { dirname } from 'node:path';

/** Where to look in a folder's files: the middle of a scan shows most, and a stray file there costs two more looks. */
const PLACES = [1 / 2, 1 / 4, 3 / 4] as const;

/**
 * The files to read ahead of all others, because one of them is likely to be an image worth seeing: from the middle of
 * the folder that holds most files. Localisers and reports lie in smaller ones.
 *
 * @param files in natural order
 */
export function likelyImages(files: readonly string[]): string[] {
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = dirname(file);
    const known = folders.get(folder);
    if (known === undefined) folders.set(folder, [file]);
    else known.push(file);
  }
  let largest: readonly string[] = [];
  for (const folder of folders.values()) if (folder.length > largest.length) largest = folder;
  return [...new Set(PLACES.map((place) => largest[Math.floor(largest.length * place)]))].filter(
    (file) => file !== undefined,
  );
}
