import { failure, KeysliceError, throwIfCancelled, type Failure } from '../contract/errors.ts';
import type { Series, Study } from '../contract/series.ts';
import { readDicomImage, type DicomImage } from './dicom/dicomImage.ts';
import { readNifti } from './nifti/readNifti.ts';
import { compareNatural } from './scan/compareNatural.ts';
import { fileKind } from './scan/fileKind.ts';
import { gunzipHead } from './scan/gzip.ts';
import { likelyImages } from './scan/likelyImages.ts';
import { listFiles } from './scan/listFiles.ts';
import { mapBounded } from './scan/mapBounded.ts';
import { withOpenFile, type OpenFile } from './scan/openFile.ts';
import type { Scratch } from './scan/scratch.ts';
import { isDataOfPair, headerOfPair } from './nifti/filePair.ts';
import { seriesOf, type IdentifiedSeries } from './series/seriesOf.ts';

export interface ReadStudyOptions {
  /** Where archives and videos are unpacked; must last as long as the study. Without it they are refused. */
  scratch?: Scratch;
  signal?: AbortSignal;
  /** Files read so far, of all. */
  onProgress?: (done: number, total: number) => void;
  /** Told once of an image that is worth seeing, as a series of its file alone, before the other files are read. */
  onImage?: (series: Series) => void;
}

type Read = { dicom: DicomImage } | { nifti: IdentifiedSeries } | { failed: KeysliceError; path: string };

const FILES_AT_ONCE = 16;

/**
 * Everything that can be shown at or under a path, from headers alone.
 * @throws KeysliceError PATH_NOT_FOUND, NO_IMAGES, CANCELLED; for a single file also that file's own error
 */
export async function readStudy(path: string, options: ReadStudyOptions = {}): Promise<Study> {
  const { signal, onProgress } = options;
  const listing = await listFiles(path, signal);
  const files = listing.single
    ? await Promise.all(listing.files.map(headerOfPair))
    : await withoutPairs(listing.files);
  const ahead = await readAhead(files, options);
  let done = 0;
  const read = await mapBounded(
    files,
    FILES_AT_ONCE,
    async (file) => {
      const result = ahead.get(file) ?? (await readFile(file, signal));
      onProgress?.(++done, files.length);
      return result;
    },
    signal,
  );
  const failed = read.flatMap((result) => ('failed' in result ? [result] : []));
  const series = seriesOf(read.flatMap((result) => ('dicom' in result ? [result.dicom] : [])));
  const all = [...series, ...read.flatMap((result) => ('nifti' in result ? [result.nifti] : []))];
  const [first] = failed;
  if (listing.single && first !== undefined) throw first.failed;
  if (all.length === 0) throw new KeysliceError('NO_IMAGES', { files: files.length }, { path });
  const failures = [...listing.failures, ...failed.map((entry) => failure(entry.path, entry.failed))];
  return { path, series: all.map((entry, index) => ({ ...entry, index })), failures: sorted(failures) };
}

/** Reads the likeliest files until one is an image, and tells of it; nothing where one file is all there is. */
async function readAhead(
  files: readonly string[],
  { signal, onImage }: ReadStudyOptions,
): Promise<ReadonlyMap<string, Read>> {
  const read = new Map<string, Read>();
  if (onImage === undefined || files.length < 2) return read;
  for (const file of likelyImages(files)) {
    const result = await readFile(file, signal);
    read.set(file, result);
    const [series] = seriesIn(result);
    if (series === undefined) continue;
    onImage({ ...series, index: 0 });
    break;
  }
  return read;
}

function seriesIn(read: Read): IdentifiedSeries[] {
  if ('failed' in read) return [];
  return 'nifti' in read ? [read.nifti] : seriesOf([read.dicom]);
}

async function withoutPairs(files: readonly string[]): Promise<string[]> {
  const kept = await Promise.all(files.map(async (file) => ((await isDataOfPair(file)) ? [] : [file])));
  return kept.flat();
}

const sorted = (failures: Failure[]): Failure[] => failures.sort((a, b) => compareNatural(a.path, b.path));

async function readFile(path: string, signal: AbortSignal | undefined): Promise<Read> {
  try {
    return await withOpenFile(path, (opened) => readOpened(opened, signal));
  } catch (thrown) {
    throwIfCancelled(signal);
    const error = thrown instanceof KeysliceError ? thrown : unreadable(thrown);
    return { failed: new KeysliceError(error.code, error.facts, { path, cause: error.cause }), path };
  }
}

async function readOpened(opened: OpenFile, signal: AbortSignal | undefined): Promise<Read> {
  const outer = fileKind(opened.head);
  const isGzip = outer.kind === 'gzip';
  const kind = isGzip ? fileKind(gunzipHead(opened.head)) : outer;
  if (kind.kind === 'nifti') return { nifti: await readNifti(opened, isGzip, signal) };
  if (isGzip) throw new KeysliceError('NOT_AN_IMAGE', { reason: 'it is a gzip file without a NIfTI volume' });
  if (kind.kind === 'dicom') return { dicom: await readDicomImage(opened, kind.preamble) };
  throw new KeysliceError('NOT_AN_IMAGE', {
    reason: kind.kind === 'other' ? kind.reason : 'it is compressed',
  });
}

/** What no reader foresaw: the drive, or a fault of ours in a file that is not as it should be. */
function unreadable(cause: unknown): KeysliceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KeysliceError('FILE_UNREADABLE', { reason }, { cause });
}
