import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { encode } from 'fast-png';
import type { FrameDocument, WarningDocument } from '../contract/documents.ts';
import { KeysliceError, type Failure, type Warning } from '../contract/errors.ts';
import type { Frame } from '../contract/frame.ts';
import type { FrameRecord, Series } from '../contract/series.ts';
import { shownPath } from '../contract/shownPath.ts';
import { displayed } from '../imaging/frames/displayed.ts';
import { loadFrame } from '../imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../imaging/frames/memoryBudget.ts';
import { toModality } from '../imaging/frames/toModality.ts';
import { UnwrappedFiles } from '../imaging/frames/unwrappedFiles.ts';
import { defaultWindow } from '../imaging/frames/voiWindow.ts';
import { loadWholeIntegers } from '../imaging/frames/wholeIntegers.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import { warningDocuments } from './infoDocument.ts';
import { npyFile, valueBytes, type NpyArray, type NpyType } from './npy.ts';
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

interface Loaded {
  frame: Frame;
  /** Stored integers of 64 bits, which the frame holds rounded; null: the frame's own values are the stored ones. */
  whole: BigInt64Array | BigUint64Array | null;
}

interface Values {
  dtype: NpyType;
  array: NpyArray;
  /** The same as numbers. */
  numbers: Frame['values'];
}

/** A compressed file that is larger is unwrapped to the scratch space; the command holds one frame at a time. */
const BUDGET_BYTES = 2 * 1024 ** 3;

/** One frame of a path, as numbers. @throws KeysliceError as opening and decoding do; FORMAT_NOT_APPLICABLE */
export async function readFrame(path: string, request: FrameRequest): Promise<FrameRun> {
  const study = await openStudy(path, { signal: request.signal, scratch: request.scratch });
  const series = selectSeries(study, request.series);
  const { record } = frameOfPhase(series, request.phase, request.frame);
  const loaded = await loadOne(series, record, request.scratch);
  const { frame } = loaded;
  const values = request.values === 'modality' && frame.samples === 1 ? modality(frame) : stored(loaded);
  if (request.out !== undefined)
    await writeFileAtomic(request.out, fileBytes(request.out, frame, record, values));
  return {
    document: frameDocument(frame, record, values, shownPathOf(series, record)),
    warnings: warningDocuments(warningsFor(frame.warnings, values)),
    failures: study.failures,
  };
}

async function loadOne(series: Series, record: FrameRecord, scratch: Scratch): Promise<Loaded> {
  const files = new UnwrappedFiles(series, new MemoryBudget(BUDGET_BYTES), scratch);
  try {
    const request = await files.request(record);
    return { frame: await loadFrame(request), whole: await loadWholeIntegers(request) };
  } finally {
    await files.close();
  }
}

function stored({ frame: { dtype, values }, whole }: Loaded): Values {
  if (whole === null) return { dtype, array: values, numbers: values };
  return { dtype: whole instanceof BigInt64Array ? 'int64' : 'uint64', array: whole, numbers: values };
}

function modality(frame: Frame): Values {
  const values = toModality(frame);
  return { dtype: 'float32', array: values, numbers: values };
}

/** What is written whole was not rounded. */
function warningsFor(warnings: readonly Warning[], { dtype }: Values): readonly Warning[] {
  const whole = dtype === 'int64' || dtype === 'uint64';
  return whole ? warnings.filter(({ code }) => code !== 'VALUES_ROUNDED') : warnings;
}

function shownPathOf({ files }: Series, { source }: FrameRecord): string {
  return shownPath(files.find(({ path }) => path === source.path) ?? source);
}

function frameDocument(
  frame: Frame,
  record: FrameRecord,
  { dtype, array, numbers }: Values,
  path: string,
): FrameDocument {
  return {
    rows: frame.rows,
    columns: frame.columns,
    samples: frame.samples,
    dtype,
    ...statistics(numbers),
    sha256: createHash('sha256').update(valueBytes(array)).digest('hex'),
    sopInstanceUid: record.sopInstanceUid,
    sourceFrame: record.source.indexInFile,
    position: record.position,
    path,
  };
}

/** Over all values that are finite numbers. */
function statistics(values: Frame['values']): Pick<FrameDocument, 'min' | 'max' | 'mean'> {
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
    case '.png': {
      const { channels, pixels } = displayed(frame, defaultWindow(record.windows));
      return encode({ width: columns, height: rows, channels, depth: 8, data: pixels });
    }
    default:
      throw new KeysliceError(
        'FORMAT_NOT_APPLICABLE',
        { format: extname(out) || out, reason: 'a frame is written as .npy, .raw or .png' },
        { path: out },
      );
  }
}
