import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface CorpusFile {
  path: string;
  /** Below the shared data, with forward slashes. */
  file: string;
}

export interface CorpusFolder {
  name: string;
  files: readonly CorpusFile[];
}

const SUBJECTS = ['dicom', 'nifti'];
/** What tells about the corpus and is no part of it; the files that a DICOMDIR lists are there by themselves. */
const isNote = (name: string): boolean =>
  name === 'README.md' || name === 'MANIFEST.sha256' || name.startsWith('DICOMDIR');

/** The studies of the shared data, folder by folder, in a fixed order. */
export function corpusFolders(root: string): CorpusFolder[] {
  return SUBJECTS.flatMap((subject) => {
    const entries = readdirSync(join(root, subject), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${subject}/${name}`);
    const loose = entries.some((entry) => entry.isFile() && !isNote(entry.name));
    return [...(loose ? [{ name: subject, files: filesIn(root, subject, false) }] : []), ...nested(folders)];
  });

  function nested(folders: readonly string[]): CorpusFolder[] {
    return [...folders].sort().map((name) => ({ name, files: filesIn(root, name, true) }));
  }
}

function filesIn(root: string, folder: string, recursive: boolean): CorpusFile[] {
  return readdirSync(join(root, folder), { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isNote(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, file: relative(root, path).split(sep).join('/') }));
}
