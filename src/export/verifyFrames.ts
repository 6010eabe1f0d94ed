import { isDeepStrictEqual } from 'node:util';
import { KeysliceError, throwIfCancelled } from '../contract/errors.ts';
import type { FrameRecord, ModalityTransform, Series, Vec3 } from '../contract/series.ts';
import { decodeFrame } from '../imaging/frames/decodeFrame.ts';
import { readStudy } from '../imaging/readStudy.ts';
import { StoredFrames } from './storedFrames.ts';

/** What a written file should hold. */
export interface ExpectedFile {
  path: string;
  /** Source frames in the order of the file. */
  frames: readonly FrameRecord[];
  /** The bytes that the file should store for a source frame. */
  storedBytes: (frame: FrameRecord) => Promise<Uint8Array>;
  /** Whether the stored values are described as in the source. */
  sameFormat: boolean;
  /** Largest difference of a frame's place from that of its source, mm; null where places are not kept. */
  placeTolerance: number | null;
}

/**
 * Reads written files back with the product's own reader and compares every frame with its source: stored bytes,
 * their format, and where the frame lies.
 *
 * @param onFrame is told after each frame
 * @throws KeysliceError EXPORT_NOT_VERIFIED, CANCELLED, and what reading the source throws
 */
export async function verifyFrames(
  folder: string,
  files: readonly ExpectedFile[],
  signal: AbortSignal | undefined,
  onFrame: () => void,
): Promise<void> {
  const study = await readBack(folder, signal);
  for (const file of files) {
    const series = study.filter(({ frames }) => frames.some(({ source }) => source.path === file.path));
    let found = 0;
    for (const written of series) found += await verifyFile(file, written, signal, onFrame);
    if (found !== file.frames.length) {
      throw notVerified(`${found} of ${file.frames.length} frames were found`, file.path);
    }
  }
}

async function readBack(folder: string, signal: AbortSignal | undefined): Promise<readonly Series[]> {
  try {
    return (await readStudy(folder, signal === undefined ? {} : { signal })).series;
  } catch (cause) {
    throwIfCancelled(signal);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeysliceError('EXPORT_NOT_VERIFIED', { reason }, { path: folder, cause });
  }
}

/** Returns how many frames of the file are in this series. */
async function verifyFile(
  file: ExpectedFile,
  series: Series,
  signal: AbortSignal | undefined,
  onFrame: () => void,
): Promise<number> {
  const written = new StoredFrames(series);
  let found = 0;
  try {
    for (const frame of series.frames) {
      if (frame.source.path !== file.path) continue;
      throwIfCancelled(signal);
      const from = file.frames[frame.source.indexInFile];
      if (from === undefined) throw notVerified('there is a frame too many', file.path);
      const difference =
        differenceInHeader(file, from, frame) ?? (await differenceInPixels(file, from, frame, written));
      if (difference !== null) {
        throw notVerified(`${difference} of frame ${frame.source.indexInFile} differs`, file.path);
      }
      found += 1;
      onFrame();
    }
  } finally {
    written.close();
  }
  return found;
}

function differenceInHeader(file: ExpectedFile, from: FrameRecord, to: FrameRecord): string | null {
  if (file.sameFormat && !isDeepStrictEqual(from.pixel, to.pixel)) return 'the pixel format';
  if (!isSameTransform(from.modality, to.modality)) return 'the modality transform';
  const tolerance = file.placeTolerance;
  return tolerance === null || isNear(from.position, to.position, tolerance) ? null : 'the position';
}

async function differenceInPixels(
  file: ExpectedFile,
  from: FrameRecord,
  to: FrameRecord,
  written: StoredFrames,
): Promise<string | null> {
  const [expected, actual] = await Promise.all([file.storedBytes(from), written.read(to)]);
  return (await isSame(from, expected, to, actual)) ? null : 'the stored data';
}

async function isSame(
  from: FrameRecord,
  expected: Uint8Array,
  to: FrameRecord,
  actual: Uint8Array,
): Promise<boolean> {
  if (to.pixel.bitsAllocated === 1) {
    // Frames of single bits start within bytes, so the bits have moved.
    const [before, after] = await Promise.all([decodeFrame(from, expected), decodeFrame(to, actual)]);
    return isDeepStrictEqual(before.values, after.values);
  }
  // A fragment of odd length is padded with one byte (PS3.5 A.4).
  const padded =
    actual.length === expected.length + 1 && actual[expected.length] === 0 && to.source.encapsulated;
  return Buffer.compare(expected, padded ? actual.subarray(0, expected.length) : actual) === 0;
}

/** Linear transforms up to the single precision of NIfTI-1; another format may not hold the unit. */
function isSameTransform(a: ModalityTransform, b: ModalityTransform): boolean {
  if (a.kind !== 'linear' || b.kind !== 'linear') return isDeepStrictEqual(a, b);
  return (
    Math.fround(a.slope) === Math.fround(b.slope) && Math.fround(a.intercept) === Math.fround(b.intercept)
  );
}

function isNear(a: Vec3 | null, b: Vec3 | null, tolerance: number): boolean {
  if (a === null || b === null) return a === b;
  return a.every((value, axis) => Math.abs(value - (b[axis] ?? NaN)) <= tolerance);
}

const notVerified = (reason: string, path: string): KeysliceError =>
  new KeysliceError('EXPORT_NOT_VERIFIED', { reason }, { path });
