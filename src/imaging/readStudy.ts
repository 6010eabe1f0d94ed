import { failure, KeysliceError, throwIfCancelled, type Failure } from '../contract/errors.ts';
import type { Study } from '../contract/series.ts';
import { readDicomImage, type DicomImage } from './dicom/dicomImage.ts';
import { readNifti } from './nifti/readNifti.ts';
import { compareNatural } from './scan/compareNatural.ts';
import { fileKind } from './scan/fileKind.ts';
import { gunzipHead } from './scan/gzip.ts';
import { listFiles } from './scan/listFiles.ts';
import { mapBounded } from './scan/mapBounded.ts';
import { withOpenFile, type OpenFile } from './scan/openFile.ts';
import type { Scratch } from './scan/scratch.ts';
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
  /** Files read so far, of all. */
  onProgress?: (done: number, total: number) => void;
}

type Read = { dicom: DicomImage } | { whole: IdentifiedSeries } | { failed: KeysliceError; path: string };

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
  const own = options.videoDecoder === undefined ? [] : [options.videoDecoder];
  const decoders = [new GifDecoder(), ...own, new FfmpegDecoder()];
  const videos = new VideoUnpacker(options.scratch, decoders, signal);
  let done = 0;
  const read = await mapBounded(
    files,
    FILES_AT_ONCE,
    async (file) => {
      const result = await readFile(file, videos, signal);
      onProgress?.(++done, files.length);
      return result;
    },
    signal,
  );
  const failed = read.flatMap((result) => ('failed' in result ? [result] : []));
  const series = seriesOf(read.flatMap((result) => ('dicom' in result ? [result.dicom] : [])));
  const all = [...series, ...read.flatMap((result) => ('whole' in result ? [result.whole] : []))];
  const [first] = failed;
  if (listing.single && first !== undefined) throw first.failed;
  if (all.length === 0) throw new KeysliceError('NO_IMAGES', { files: files.length }, { path });
  const failures = [...listing.failures, ...failed.map((entry) => failure(entry.path, entry.failed))];
  return { path, series: all.map((entry, index) => ({ ...entry, index })), failures: sorted(failures) };
}

async function withoutPairs(files: readonly string[]): Promise<string[]> {
  const kept = await Promise.all(files.map(async (file) => ((await isDataOfPair(file)) ? [] : [file])));
  return kept.flat();
}

const sorted = (failures: Failure[]): Failure[] => failures.sort((a, b) => compareNatural(a.path, b.path));

async function readFile(path: string, videos: VideoUnpacker, signal: AbortSignal | undefined): Promise<Read> {
  try {
    return await withOpenFile(path, (opened) => readOpened(opened, videos, signal));
  } catch (thrown) {
    throwIfCancelled(signal);
    const error = thrown instanceof KeysliceError ? thrown : unreadable(thrown);
    return { failed: new KeysliceError(error.code, error.facts, { path, cause: error.cause }), path };
  }
}

async function readOpened(
  opened: OpenFile,
  videos: VideoUnpacker,
  signal: AbortSignal | undefined,
): Promise<Read> {
  const outer = fileKind(opened.head);
  const isGzip = outer.kind === 'gzip';
  const kind = isGzip ? fileKind(gunzipHead(opened.head)) : outer;
  if (kind.kind === 'nifti') return { whole: await readNifti(opened, isGzip, signal) };
  if (isGzip) throw new KeysliceError('NOT_AN_IMAGE', { reason: 'it is a gzip file without a NIfTI volume' });
  if (kind.kind === 'dicom') return { dicom: await readDicomImage(opened, kind.preamble, videos) };
  if (kind.kind === 'video') return { whole: await readVideo(opened, kind.container, videos) };
  throw new KeysliceError('NOT_AN_IMAGE', {
    reason: kind.kind === 'other' ? kind.reason : 'it is compressed',
  });
}

/** What no reader foresaw: the drive, or a fault of ours in a file that is not as it should be. */
function unreadable(cause: unknown): KeysliceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KeysliceError('FILE_UNREADABLE', { reason }, { cause });
}
