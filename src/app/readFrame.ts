import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { encode } from 'fast-png';
import type { FrameDocument, WarningDocument } from '../contract/documents.ts';
import { KeysliceError, type Failure } from '../contract/errors.ts';
import type { Frame, StoredArray, StoredType } from '../contract/frame.ts';
import type { FrameRecord, Series } from '../contract/series.ts';
import { loadFrame } from '../imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../imaging/frames/memoryBudget.ts';
import { toDisplay } from '../imaging/frames/toDisplay.ts';
import { toModality } from '../imaging/frames/toModality.ts';
import { UnwrappedFiles } from '../imaging/frames/unwrappedFiles.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import { defaultWindow } from '../imaging/frames/voiWindow.ts';
import { warningDocuments } from './infoDocument.ts';
import { npyFile, valueBytes } from './npy.ts';
import { openStudy } from './open.ts';
import { frameOfPhase, selectSeries } from './selectSeries.ts';
import { writeFileAtomic } from './writeFileAtomic.ts';

export interface FrameRequest {
  frame: number;
  series: string | undefined;
  phase: number;
  values: 'stored' | 'modality';
  /** `.npy`, `.raw` or `.png`; by its ending. */
  out: string | undefined;
  signal: AbortSignal;
  scratch: Scratch;
}

export interface FrameRun {
  document: FrameDocument;
  warnings: readonly WarningDocument[];
  failures: readonly Failure[];
}

interface Values {
  dtype: StoredType;
  array: StoredArray;
}

/** A single frame may be as large as its file allows; the command holds one at a time. */
const BUDGET_BYTES = 8 * 1024 ** 3;

/** One frame of a path, as numbers. @throws KeysliceError as opening and decoding do; FORMAT_NOT_APPLICABLE */
export async function readFrame(path: string, request: FrameRequest): Promise<FrameRun> {
  const study = await openStudy(path, { signal: request.signal, scratch: request.scratch });
  const series = selectSeries(study, request.series);
  const { record } = frameOfPhase(series, request.phase, request.frame);
  const frame = await loadOne(series, record);
  const values = request.values === 'modality' && frame.samples === 1 ? modality(frame) : stored(frame);
  if (request.out !== undefined)
    await writeFileAtomic(request.out, fileBytes(request.out, frame, record, values));
  return {
    document: frameDocument(frame, record, values, shownPath(series, record)),
    warnings: warningDocuments(frame.warnings),
    failures: study.failures,
  };
}

async function loadOne(series: Series, record: FrameRecord): Promise<Frame> {
  const files = new UnwrappedFiles(series, new MemoryBudget(BUDGET_BYTES));
  try {
    return await loadFrame(await files.request(record));
  } finally {
    files.close();
  }
}

const stored = ({ dtype, values }: Frame): Values => ({ dtype, array: values });
const modality = (frame: Frame): Values => ({ dtype: 'float32', array: toModality(frame) });

/** Where people know the frame from: pictures of a video are read from where they were unpacked. */
function shownPath({ files }: Series, { source }: FrameRecord): string {
  return files.find(({ path }) => path === source.path)?.shownPath ?? source.path;
}

function frameDocument(
  frame: Frame,
  record: FrameRecord,
  { dtype, array }: Values,
  path: string,
): FrameDocument {
  return {
    rows: frame.rows,
    columns: frame.columns,
    samples: frame.samples,
    dtype,
    ...statistics(array),
    sha256: createHash('sha256').update(valueBytes(array)).digest('hex'),
    sopInstanceUid: record.sopInstanceUid,
    sourceFrame: record.source.indexInFile,
    position: record.position,
    path,
  };
}

/** Over all values that are finite numbers. */
function statistics(values: StoredArray): Pick<FrameDocument, 'min' | 'max' | 'mean'> {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  return count === 0 ? { min: 0, max: 0, mean: 0 } : { min, max, mean: sum / count };
}

function fileBytes(out: string, frame: Frame, record: FrameRecord, { dtype, array }: Values): Uint8Array {
  const { rows, columns, samples } = frame;
  switch (extname(out).toLowerCase()) {
    case '.npy':
      return npyFile(array, dtype, samples === 1 ? [rows, columns] : [rows, columns, samples]);
    case '.raw':
      return valueBytes(array);
    case '.png':
      return encode({
        width: columns,
        height: rows,
        channels: samples,
        depth: 8,
        data: toDisplay(frame, defaultWindow(record.windows)),
      });
    default:
      throw new KeysliceError(
        'FORMAT_NOT_APPLICABLE',
        { format: extname(out) || out, reason: 'a frame is written as .npy, .raw or .png' },
        { path: out },
      );
  }
}
