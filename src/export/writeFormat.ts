import { join } from 'node:path';
import type { ExportedFile } from '../contract/documents.ts';
import { KeysliceError, throwIfCancelled, warning, type Warning } from '../contract/errors.ts';
import type { Frame } from '../contract/frame.ts';
import type { FrameRecord } from '../contract/series.ts';
import { decodeFrame } from '../imaging/frames/decodeFrame.ts';
import { isUnpackedVideo } from './isUnpackedVideo.ts';
import { seriesDerivation } from './dicom/seriesDerivation.ts';
import { writeDicomSelection } from './dicom/writeDicomSelection.ts';
import type { ExportFormat, ExportJob } from './exportRequest.ts';
import { median, sliceGaps } from './frameSelection.ts';
import type { NiftiFile } from './nifti/niftiFiles.ts';
import { storedValueBytes, writeNiftiOfDicom } from './nifti/writeNiftiOfDicom.ts';
import { writeNiftiSelection } from './nifti/writeNiftiSelection.ts';
import type { ExpectedFile } from './verifyFrames.ts';

/** The files of a format in the temporary folder, by name, and what has to be verified about them. */
export interface WrittenFormat {
  files: readonly ExportedFile[];
  expected: readonly ExpectedFile[];
  warnings: readonly Warning[];
}

/** NIfTI-1 stores places in single precision. */
const NIFTI_TOLERANCE_MM = 0.005;

/** Writes the images of one format; `json` has none. @throws KeysliceError as the format's writer does */
export async function writeFormat(
  format: ExportFormat,
  folder: string,
  job: ExportJob,
): Promise<WrittenFormat> {
  if (format === 'json') return { files: [], expected: [], warnings: [] };
  if (isUnpackedVideo(job.selection.frames)) {
    const reason = 'its images are pictures of one video stream, which cannot be cut';
    throw new KeysliceError('FORMAT_NOT_APPLICABLE', { format, reason });
  }
  if (format === 'dicom') return await writeDicom(folder, job);
  return job.request.series.format === 'nifti'
    ? await writeNifti(folder, job)
    : await writeConverted(folder, job);
}

async function writeDicom(folder: string, job: ExportJob): Promise<WrittenFormat> {
  const { request, selection, stored } = job;
  if (request.series.format !== 'dicom') {
    throw new KeysliceError('FORMAT_NOT_APPLICABLE', {
      format: 'dicom',
      reason: 'it does not come from DICOM files',
    });
  }
  const derivation = seriesDerivation(request, selection, new Date());
  const { files, warnings } = await writeDicomSelection(
    folder,
    selection.frames,
    derivation,
    request.signal,
    job.onFrames,
  );
  return {
    files: files.map(({ name, bytes, sha256 }) => ({ path: name, bytes, sha256, kind: 'dicom' })),
    expected: files.map(({ name, frames }) => ({
      path: join(folder, name),
      frames,
      storedBytes: (frame) => stored.read(frame),
      sameFormat: true,
      placeTolerance: 0,
    })),
    warnings,
  };
}

async function writeNifti(folder: string, job: ExportJob): Promise<WrittenFormat> {
  const { request, selection, stored } = job;
  const storedBytes = (frame: FrameRecord): Promise<Uint8Array> => stored.read(frame);
  const counted = async (frame: FrameRecord): Promise<Uint8Array> => {
    throwIfCancelled(request.signal);
    const bytes = await storedBytes(frame);
    job.onFrames(1);
    return bytes;
  };
  const files = await writeNiftiSelection(
    folder,
    request.series,
    selection,
    request.producer.version,
    counted,
  );
  return writtenVolume(folder, job, files, storedBytes, true);
}

async function writeConverted(folder: string, job: ExportJob): Promise<WrittenFormat> {
  const { request, selection, stored } = job;
  const decode = async (frame: FrameRecord): Promise<Frame> =>
    await decodeFrame(frame, await stored.read(frame));
  const storedBytes = async (frame: FrameRecord): Promise<Uint8Array> =>
    storedValueBytes(await decode(frame));
  const onFrame = (): void => {
    throwIfCancelled(request.signal);
    job.onFrames(1);
  };
  const files = await writeNiftiOfDicom(
    folder,
    request.series,
    selection,
    request.producer.version,
    decode,
    onFrame,
  );
  return writtenVolume(folder, job, files, storedBytes, false);
}

function writtenVolume(
  folder: string,
  { request, selection }: ExportJob,
  files: readonly NiftiFile[],
  storedBytes: ExpectedFile['storedBytes'],
  sameFormat: boolean,
): WrittenFormat {
  const uneven = files.some(({ kind }) => kind === 'sidecar');
  const placed = request.series.geometry.affine !== null && !uneven;
  return {
    files: files.map(({ name, bytes, sha256, kind }) => ({ path: name, bytes, sha256, kind })),
    expected: files
      .filter(({ kind }) => kind === 'nifti')
      .map(({ name }) => ({
        path: join(folder, name),
        frames: selection.frames,
        storedBytes,
        sameFormat,
        placeTolerance: placed ? NIFTI_TOLERANCE_MM : null,
      })),
    warnings: uneven ? unevenWarnings(selection.frames.slice(0, selection.slices.length)) : [],
  };
}

function unevenWarnings(frames: readonly FrameRecord[]): Warning[] {
  const gaps = (sliceGaps(frames) ?? []).map(Math.abs);
  if (gaps.length === 0) return [];
  const rounded = (value: number): number => Math.round(value * 1000) / 1000;
  const [min, max, middle] = [Math.min(...gaps), Math.max(...gaps), median(gaps)].map(rounded);
  return [warning('SPACING_UNEVEN', { min: min ?? 0, max: max ?? 0, median: middle ?? 0 })];
}
