import { stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import type {
  ReviewDocument,
  SourceHash,
  TriageDocument,
  TriageFileDocument,
} from '../contract/documents.ts';
import { throwIfCancelled } from '../contract/errors.ts';
import type { SourceFile } from '../contract/series.ts';
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

/** What was unpacked from a file that is listed itself is no source of its own. */
const isUnpackedFrom = ({ shownPath }: SourceFile, files: readonly SourceFile[]): boolean =>
  shownPath !== undefined && files.some(({ path }) => path === shownPath);

/**
 * Size and SHA-256 of the source files, named from the opened path, with `/` on every system.
 *
 * @throws KeysliceError FILE_UNREADABLE, CANCELLED
 */
export async function hashSources(
  studyPath: string,
  files: readonly SourceFile[],
  signal: AbortSignal | undefined,
): Promise<SourceHash[]> {
  const isFolder = (await stat(studyPath)).isDirectory();
  const hashes: SourceHash[] = [];
  for (const { path, bytes } of files.filter((file) => !isUnpackedFrom(file, files))) {
    throwIfCancelled(signal);
    const name = isFolder ? relative(studyPath, path).split(sep).join('/') : basename(path);
    hashes.push({ path: name, bytes, sha256: await hashFile(path) });
  }
  return hashes;
}
