import { stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import type {
  ReviewDocument,
  SourceHash,
  TriageDocument,
  TriageFileDocument,
} from '../contract/documents.ts';
import { throwIfCancelled } from '../contract/errors.ts';
import type { SourceFile } from '../contract/series.ts';
import { shownPath } from '../contract/shownPath.ts';
import { hashFile, writeChunks, type WrittenFile } from './writeChunks.ts';

export const TRIAGE_FILE_NAME = 'triage.json';

export interface TriageFileContent {
  version: string;
  triage: TriageDocument;
  review: ReviewDocument | null;
  sources: readonly SourceHash[];
}

/** Writes `triage.json`: the triage document, the person's decisions, and the files that it was made from. */
export async function writeTriageFile(folder: string, content: TriageFileContent): Promise<WrittenFile> {
  const document: TriageFileDocument = {
    keyslice: content.version,
    use: 'research use, not for diagnosis',
    ...content.triage,
    sources: content.sources,
    ...(content.review === null ? {} : { review: content.review }),
  };
  const text = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
  return await writeChunks(join(folder, TRIAGE_FILE_NAME), [text]);
}

/** Pictures that were unpacked from a listed file go by its path, and are no source of their own. */
const isFirstOfItsPath = (file: SourceFile, index: number, files: readonly SourceFile[]): boolean =>
  files.findIndex((other) => shownPath(other) === shownPath(file)) === index;

/**
 * Size and SHA-256 of the source files, named from the opened folder, or from that of the opened file, with `/` on
 * every system. Those from an archive are named and hashed as they lie in it.
 *
 * @throws KeysliceError FILE_UNREADABLE, CANCELLED
 */
export async function hashSources(
  studyPath: string,
  files: readonly SourceFile[],
  signal: AbortSignal | undefined,
): Promise<SourceHash[]> {
  const folder = (await stat(studyPath)).isDirectory() ? studyPath : dirname(studyPath);
  const hashes: SourceHash[] = [];
  for (const file of files.filter(isFirstOfItsPath)) {
    throwIfCancelled(signal);
    const path = nameBelow(folder, shownPath(file));
    hashes.push({ path, bytes: file.bytes, sha256: await hashFile(file.path) });
  }
  return hashes;
}

/** Files of several opened folders have only their own names in common. */
function nameBelow(folder: string, path: string): string {
  const name = relative(folder, path);
  return name.startsWith('..') || isAbsolute(name) ? basename(path) : name.split(sep).join('/');
}
