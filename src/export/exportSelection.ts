import { join, resolve } from 'node:path';
import type { ExportedFile } from '../contract/documents.ts';
import { KeysliceError, throwIfCancelled, type Warning } from '../contract/errors.ts';
import { withShownPath } from '../imaging/frames/withShownPath.ts';
import type { ExportJob, ExportRequest } from './exportRequest.ts';
import { exportTransaction } from './exportTransaction.ts';
import { type FrameSelection, selectFrames } from './frameSelection.ts';
import { StoredFrames } from './storedFrames.ts';
import { requireUnchanged } from './requireUnchanged.ts';
import { hashSources, TRIAGE_FILE_NAME, writeTriageFile } from './triageFile.ts';
import { type ExpectedFile, verifyFrames } from './verifyFrames.ts';
import { hashFile } from './writeChunks.ts';
import { writeFormat, type WrittenFormat } from './writeFormat.ts';

export interface ExportResult {
  out: string;
  files: readonly ExportedFile[];
  /** Exported frame numbers, ascending. */
  selected: readonly number[];
  /** Per selected frame its zero-based index in its file. */
  selectedSource: readonly number[];
  warnings: readonly Warning[];
}

/**
 * Writes the kept frames of a series in the wanted formats, with `triage.json`, reads everything back, and puts the
 * folder in place: all or nothing.
 *
 * @throws KeysliceError TARGET_INSIDE_SOURCE, TARGET_NOT_EMPTY, TARGET_NOT_WRITABLE, SOURCE_CHANGED,
 *   FRAME_OUT_OF_RANGE, FORMAT_NOT_APPLICABLE, EXPORT_NOT_VERIFIED, HEADER_INCONSISTENT, LIMIT_EXCEEDED,
 *   FILE_TRUNCATED, FILE_UNREADABLE, CANCELLED
 */
export async function exportSelection(request: ExportRequest): Promise<ExportResult> {
  const { series, studyPath, target, overwrite, signal } = request;
  const selection = selectFrames(series, request.frames);
  await requireUnchanged(series.files);
  const stored = new StoredFrames(series);
  const job: ExportJob = { request, selection, stored, onFrames: progressCounter(request, selection) };
  try {
    const written = await exportTransaction(
      target,
      { sourcePaths: [studyPath, ...series.files.map(({ path }) => path)], overwrite, signal },
      (folder) => writeAll(folder, job),
      (folder, files) => verifyAll(folder, job, files),
    );
    const out = resolve(target);
    return {
      out,
      files: written.files.map((file) => ({ ...file, path: join(out, file.path) })),
      selected: selection.numbers,
      selectedSource: selection.frames.map(({ source }) => source.indexInFile),
      warnings: written.warnings,
    };
  } catch (thrown) {
    throw withShownPath(thrown, series.files);
  } finally {
    stored.close();
  }
}

async function writeAll(folder: string, job: ExportJob): Promise<WrittenFormat> {
  const { series, studyPath, triage, review, producer, signal } = job.request;
  const files: ExportedFile[] = [];
  const expected: ExpectedFile[] = [];
  const warnings: Warning[] = [];
  for (const format of new Set(job.request.formats)) {
    const written = await writeFormat(format, folder, job);
    files.push(...written.files);
    expected.push(...written.expected);
    warnings.push(...written.warnings);
  }
  const sources = await hashSources(studyPath, series.files, signal);
  const file = await writeTriageFile(folder, { version: producer.version, triage, review, sources });
  files.push({ path: TRIAGE_FILE_NAME, ...file, kind: 'triage' });
  await requireUnchanged(series.files);
  return { files, expected, warnings };
}

async function verifyAll(folder: string, job: ExportJob, { files, expected }: WrittenFormat): Promise<void> {
  const { signal, series } = job.request;
  for (const { path, sha256 } of files) {
    throwIfCancelled(signal);
    if ((await hashFile(join(folder, path))) !== sha256) {
      throw new KeysliceError('EXPORT_NOT_VERIFIED', { reason: 'the SHA-256 on the disk differs' }, { path });
    }
  }
  if (expected.length > 0) {
    await verifyFrames(folder, expected, signal, () => {
      job.onFrames(1);
    });
  }
  await requireUnchanged(series.files);
}

/** Every frame counts twice in each format with images: written, and read back. */
function progressCounter(request: ExportRequest, selection: FrameSelection): (count: number) => void {
  const formats = [...new Set(request.formats)].filter((format) => format !== 'json').length;
  const total = 2 * formats * selection.frames.length;
  let done = 0;
  return (count) => {
    done += count;
    request.onProgress?.(done, total);
  };
}
