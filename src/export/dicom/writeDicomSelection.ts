import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import { KeysliceError, throwIfCancelled, type Warning } from '../../contract/errors.ts';
import type { FrameRecord } from '../../contract/series.ts';
import { transferSyntax } from '../../imaging/dicom/transferSyntaxes.ts';
import { writeChunks, type WrittenFile } from '../writeChunks.ts';
import type { Derivation } from './derivation.ts';
import { type DerivedInstance, deriveInstance } from './deriveInstance.ts';
import { padEven } from './encodeElement.ts';
import { openSourceInstance } from './sourceInstance.ts';

/** A file of the reduced series, with the source frames in the order in which it holds them. */
export interface DicomFile extends WrittenFile {
  /** Name in the folder. */
  name: string;
  frames: readonly FrameRecord[];
}

export interface DicomSelection {
  files: DicomFile[];
  warnings: Warning[];
}

const deflateRawAsync = promisify(deflateRaw);
const MIN_DIGITS = 4;

/**
 * Writes the reduced series: one file per source file that holds a kept frame, `IMG0001.dcm` and so on. Deflated
 * files are deflated again; all other pixel data are copied as they are.
 *
 * @param frames kept frames, in the order of the series
 * @param onFrames is told after each file how many frames it held
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, HEADER_INCONSISTENT, LIMIT_EXCEEDED,
 *   FORMAT_NOT_APPLICABLE, CANCELLED
 */
export async function writeDicomSelection(
  folder: string,
  frames: readonly FrameRecord[],
  derivation: Derivation,
  signal: AbortSignal | undefined,
  onFrames: (count: number) => void,
): Promise<DicomSelection> {
  const byFile = groupByFile(frames);
  const digits = Math.max(MIN_DIGITS, String(byFile.length).length);
  const files: DicomFile[] = [];
  const warnings: Warning[] = [];
  for (const [index, group] of byFile.entries()) {
    throwIfCancelled(signal);
    const ordered = [...group].sort((a, b) => a.source.indexInFile - b.source.indexInFile);
    const name = `IMG${String(index + 1).padStart(digits, '0')}.dcm`;
    const written = await writeInstance(join(folder, name), ordered, derivation, warnings);
    files.push({ ...written, name, frames: ordered });
    onFrames(ordered.length);
  }
  return { files, warnings };
}

/** Frames of each file, files in the order in which the series meets them. */
function groupByFile(frames: readonly FrameRecord[]): FrameRecord[][] {
  const groups = new Map<string, FrameRecord[]>();
  for (const frame of frames) {
    const group = groups.get(frame.source.path);
    if (group === undefined) groups.set(frame.source.path, [frame]);
    else group.push(frame);
  }
  return [...groups.values()];
}

async function writeInstance(
  path: string,
  frames: readonly FrameRecord[],
  derivation: Derivation,
  warnings: Warning[],
): Promise<WrittenFile> {
  const [first] = frames;
  if (first === undefined) throw new KeysliceError('INTERNAL', { reason: 'a file without kept frames' });
  const instance = await openSourceInstance(first);
  try {
    warnings.push(...instance.warnings);
    const derived = deriveInstance(instance, frames, derivation);
    const deflated = transferSyntax(instance.transferSyntax)?.deflated === true;
    return await writeChunks(path, fileChunks(derived, deflated));
  } catch (thrown) {
    if (!(thrown instanceof KeysliceError) || thrown.path !== undefined) throw thrown;
    throw new KeysliceError(thrown.code, thrown.facts, { path: instance.path, cause: thrown });
  } finally {
    await instance.bytes.close();
  }
}

async function* fileChunks(
  { meta, dataSet }: DerivedInstance,
  deflated: boolean,
): AsyncGenerator<Uint8Array> {
  yield meta;
  if (!deflated) {
    yield* dataSet();
    return;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of dataSet()) chunks.push(chunk);
  // An odd deflated stream is followed by one null byte (PS3.5 A.5).
  yield padEven(await deflateRawAsync(Buffer.concat(chunks)), 0);
}
