import { failure, KeysliceError, throwIfCancelled, type Failure } from '../contract/errors.ts';
import type { Series, Study } from '../contract/series.ts';
import { isDicomDirectory, referencedFileIds } from './dicom/dicomDirectory.ts';
import { readDicomImage, type DicomImage } from './dicom/dicomImage.ts';
import { readNifti } from './nifti/readNifti.ts';
import { compareNatural } from './scan/compareNatural.ts';
import { fileKind } from './scan/fileKind.ts';
import { failedFile, onDrive, type Contents, type FailedFile, type FoundFile } from './scan/foundFile.ts';
import { gunzipHead } from './scan/gzip.ts';
import { likelyImages } from './scan/likelyImages.ts';
import { listFiles } from './scan/listFiles.ts';
import { FILES_AT_ONCE, mapBounded } from './scan/mapBounded.ts';
import { withOpenFile, type OpenFile } from './scan/openFile.ts';
import { referencedFiles } from './scan/referencedFiles.ts';
import type { Scratch } from './scan/scratch.ts';
import { inTurns } from './scan/turns.ts';
import { Unpacker } from './scan/unpacker.ts';
import { FfmpegDecoder } from './video/ffmpegDecoder.ts';
import { GifDecoder } from './video/gif/gifDecoder.ts';
import { readVideo } from './video/readVideo.ts';
import { VideoUnpacker } from './video/unpackVideo.ts';
import type { VideoDecoder } from './video/videoDecoder.ts';
import { isDataOfPair, headerOfPair } from './nifti/filePair.ts';
import { seriesOf, type IdentifiedSeries } from './series/seriesOf.ts';

export interface ReadStudyOptions {
  /** Where archives and videos are unpacked; must last as long as the study. Without it they are refused. */
  scratch?: Scratch;
  /** Tried before the machine's ffmpeg: what the runtime itself can decode. */
  videoDecoder?: VideoDecoder;
  signal?: AbortSignal;
  /** Files read so far, of all that are known: those in an archive are known when it is opened. */
  onProgress?: (done: number, total: number) => void;
  /** Told once of an image that is worth seeing, as a series of its file alone, before the other files are read. */
  onImage?: (series: Series) => void;
}

type Read = { dicom: DicomImage } | { whole: IdentifiedSeries } | { contents: Contents } | FailedFile;

/** What the reading of all files has in common. */
interface Scan {
  unpacker: Unpacker;
  videos: VideoUnpacker;
  signal: AbortSignal | undefined;
  /** The one file that was named, as which a DICOMDIR stands for the files that it lists. */
  named: FoundFile | undefined;
  onImage: ReadStudyOptions['onImage'];
  /** Counts files for the progress. */
  known: (files: number) => void;
  read: () => void;
}

/**
 * Everything that can be shown at or under a path, from headers alone. Archives are unpacked on the way.
 * @throws KeysliceError PATH_NOT_FOUND, NO_IMAGES, CANCELLED; for a single file also that file's own error
 */
export async function readStudy(path: string, options: ReadStudyOptions = {}): Promise<Study> {
  const { signal } = options;
  const listing = await listFiles(path, signal);
  const files = listing.single
    ? (await Promise.all(listing.files.map(headerOfPair))).map(onDrive)
    : await withoutPairs(listing.files.map(onDrive), signal);
  const read = await readAll(files, scanOf(options, listing.single ? files[0] : undefined));
  const failed = read.flatMap((result) =>
    'error' in result ? [result] : 'contents' in result ? result.contents.failed : [],
  );
  const dicom = read.flatMap((result) => ('dicom' in result ? [result.dicom] : []));
  const series = await inTurns(seriesOf(dicom));
  const all = [...series, ...read.flatMap((result) => ('whole' in result ? [result.whole] : []))];
  if (all.length === 0) throw (listing.single && ownError(failed)) || noImages(path, read);
  const failures = [...listing.failures, ...failed.map((entry) => failure(entry.shownPath, entry.error))];
  return { path, series: all.map((entry, index) => ({ ...entry, index })), failures: sorted(failures) };
}

function scanOf(options: ReadStudyOptions, named: FoundFile | undefined): Scan {
  const { scratch, videoDecoder, signal, onProgress, onImage } = options;
  let [done, total] = [0, 0];
  const known = (files: number): void => {
    total += files;
  };
  const read = (): void => {
    onProgress?.(++done, total);
  };
  const unpacker = new Unpacker(scratch ?? null, { signal, onMembers: known, onMember: read });
  const own = videoDecoder === undefined ? [] : [videoDecoder];
  const videos = new VideoUnpacker(scratch, [new GifDecoder(), ...own, new FfmpegDecoder()], signal);
  return { unpacker, videos, signal, named, onImage, known, read };
}

/** Reads files, then what was found in them, until nothing more is found. */
async function readAll(found: readonly FoundFile[], scan: Scan): Promise<Read[]> {
  const all: Read[] = [];
  for (let files = found; files.length > 0;) {
    scan.known(files.length);
    const ahead = files === found ? await readAhead(files, scan) : new Map<string, Read>();
    const work = async (file: FoundFile): Promise<Read> =>
      ahead.get(file.path) ?? (await readFile(file, scan));
    const read = await mapBounded(files, FILES_AT_ONCE, work, scan.signal);
    all.push(...read);
    const inside = read.flatMap((result) => ('contents' in result ? result.contents.files : []));
    files = await withoutPairs(inside, scan.signal);
  }
  return all;
}

/** Reads the likeliest files until one is an image, and tells of it; nothing where one file is all there is. */
async function readAhead(files: readonly FoundFile[], scan: Scan): Promise<ReadonlyMap<string, Read>> {
  const read = new Map<string, Read>();
  if (scan.onImage === undefined || files.length < 2) return read;
  const likely = likelyImages(files.map(({ path }) => path));
  for (const file of likely.flatMap((path) => files.find((found) => found.path === path) ?? [])) {
    const result = await readFile(file, scan);
    read.set(file.path, result);
    const [series] = await seriesIn(result);
    if (series === undefined) continue;
    scan.onImage({ ...series, index: 0 });
    break;
  }
  return read;
}

async function seriesIn(read: Read): Promise<IdentifiedSeries[]> {
  if ('dicom' in read) return await inTurns(seriesOf([read.dicom]));
  return 'whole' in read ? [read.whole] : [];
}

async function withoutPairs(
  files: readonly FoundFile[],
  signal: AbortSignal | undefined,
): Promise<FoundFile[]> {
  const isData = await mapBounded(files, FILES_AT_ONCE, ({ path }) => isDataOfPair(path), signal);
  return files.filter((_, index) => isData[index] === false);
}

/** Why the one file that was named gives no image: what keeps an image from opening goes before what is none. */
function ownError(failed: readonly FailedFile[]): KeysliceError | undefined {
  const telling = failed.find(({ error }) => error.code !== 'NOT_AN_IMAGE');
  return (telling ?? (failed.length === 1 ? failed[0] : undefined))?.error;
}

function noImages(path: string, read: readonly Read[]): KeysliceError {
  return new KeysliceError('NO_IMAGES', { files: read.length }, { path });
}

const sorted = (failures: Failure[]): Failure[] => failures.sort((a, b) => compareNatural(a.path, b.path));

async function readFile(found: FoundFile, scan: Scan): Promise<Read> {
  const { path, shownPath } = found;
  try {
    return await withOpenFile(path, (opened) => {
      const file = shownPath === path ? opened.file : { ...opened.file, shownPath };
      return readOpened({ ...opened, file }, found, scan);
    });
  } catch (thrown) {
    throwIfCancelled(scan.signal);
    return failedFile(shownPath, thrown);
  } finally {
    scan.read();
  }
}

async function readOpened(opened: OpenFile, found: FoundFile, scan: Scan): Promise<Read> {
  const { signal, unpacker, videos } = scan;
  const outer = fileKind(opened.head);
  const isGzip = outer.kind === 'gzip';
  const kind = isGzip ? fileKind(await gunzipHead(opened.head)) : outer;
  if (kind.kind === 'nifti') return { whole: await readNifti(opened, isGzip, signal) };
  if (isGzip && kind.kind !== 'other') return { contents: await unpacker.gzip(opened, found) };
  if (kind.kind === 'zip') return { contents: await unpacker.zip(opened, found) };
  if (kind.kind === 'dicom' && isDicomDirectory(opened.head, kind.preamble))
    return { contents: found === scan.named ? await listed(opened, found, kind.preamble, signal) : NOTHING };
  if (kind.kind === 'dicom') return { dicom: await readDicomImage(opened, kind.preamble, videos) };
  if (kind.kind === 'video') return { whole: await readVideo(opened, kind.container, videos) };
  const isNoImage = isGzip || kind.kind === 'gzip' ? 'it is a gzip file without an image' : kind.reason;
  throw new KeysliceError('NOT_AN_IMAGE', { reason: isNoImage });
}

/** A DICOMDIR among other files: they are read anyway. */
const NOTHING: Contents = { files: [], failed: [] };

async function listed(
  opened: OpenFile,
  found: FoundFile,
  preamble: boolean,
  signal: AbortSignal | undefined,
): Promise<Contents> {
  return await referencedFiles(found, await referencedFileIds(opened, preamble), signal);
}
