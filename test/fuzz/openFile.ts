/** Opens one changed file as the program does, and says what is wrong with how that went. */
import { KeysliceError } from '../../src/contract/errors.ts';
import type { Frame } from '../../src/contract/frame.ts';
import type { FrameRecord, Study } from '../../src/contract/series.ts';
import { FrameStore } from '../../src/imaging/frames/frameStore.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import type { WorkerPool } from '../../src/imaging/frames/workerPool.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import type { Scratch } from '../../src/imaging/scan/scratch.ts';
import { INDEX_ENDING } from './seedFiles.ts';

export interface Opened {
  /** Decoded frames by series and index; a frame that failed is absent. */
  frames: Map<string, Frame>;
  /** Codes of the file and of its frames. */
  codes: string[];
  /** What must not happen, in words. */
  faults: string[];
}

const BUDGET_BYTES = 256 * 1024 ** 2;
const FRAMES_OF_A_SERIES = 16;
/** What JavaScript says of a slip of ours, inside a coded error. */
const SLIP =
  /is not a function|not iterable|Cannot read prop|of undefined|Invalid (array|typed)|call stack|\bNaN\b/;

/** What is opened, and with what. */
export interface Opening {
  /** A folder that holds the changed file and the companion; or an index of a medium, which is opened by itself. */
  path: string;
  /** A good file, which must open whatever the other is. */
  companion: string;
  pool: WorkerPool;
  scratch: Scratch;
}

export async function openFile({ path, companion, pool, scratch }: Opening): Promise<Opened> {
  const opened: Opened = { frames: new Map(), codes: [], faults: [] };
  const isIndex = path.endsWith(INDEX_ENDING);
  const study = await readStudy(path, { scratch }).catch((thrown: unknown) => {
    note(thrown, opened);
    return null;
  });
  if (study === null) {
    if (!isIndex) opened.faults.push('the good file beside it did not open');
    return opened;
  }
  for (const failure of study.failures) {
    opened.codes.push(failure.code);
    if (failure.code === 'INTERNAL' || SLIP.test(failure.message)) opened.faults.push(failure.message);
  }
  const isGood = study.series.some(({ files }) => files.some(({ path }) => path === companion));
  if (!isGood && !isIndex) opened.faults.push('the good file beside it did not open');
  await decodeAll(study, { companion, pool, scratch }, opened);
  return opened;
}

async function decodeAll(
  study: Study,
  { companion, pool, scratch }: Omit<Opening, 'path'>,
  opened: Opened,
): Promise<void> {
  for (const [number, series] of study.series.entries()) {
    if (series.files.every(({ path }) => path === companion)) continue;
    const store = new FrameStore(series, pool, new MemoryBudget(BUDGET_BYTES), scratch);
    try {
      const last = series.frames.length - 1;
      const wanted = series.frames.flatMap((_, index) =>
        index < FRAMES_OF_A_SERIES || index === last ? [index] : [],
      );
      await Promise.all(wanted.map((index) => decodeOne(store, index, `${number}/${index}`, opened)));
    } finally {
      await store.close();
    }
  }
}

async function decodeOne(store: FrameStore, index: number, name: string, opened: Opened): Promise<void> {
  const record = store.series.frames[index];
  if (record === undefined) return;
  try {
    const frame = await store.frame(index, 0);
    opened.frames.set(name, frame);
    const fault = wrongShape(frame, record);
    if (fault !== null) opened.faults.push(`frame ${name}: ${fault}`);
  } catch (thrown) {
    note(thrown, opened);
  }
}

function wrongShape(frame: Frame, { pixel }: FrameRecord): string | null {
  const { rows, columns, samples, values, min, max } = frame;
  if (rows !== pixel.rows || columns !== pixel.columns) return `${rows} × ${columns} pixels came out`;
  if (values.length !== rows * columns * samples) return `${values.length} values for ${rows} × ${columns}`;
  return Number.isFinite(min) && Number.isFinite(max) ? null : `its values range from ${min} to ${max}`;
}

function note(thrown: unknown, { codes, faults }: Opened): void {
  if (!(thrown instanceof KeysliceError)) {
    faults.push(`no coded error: ${String(thrown)}`);
    return;
  }
  codes.push(thrown.code);
  const isTime = thrown.code === 'LIMIT_EXCEEDED' && thrown.message.startsWith('The time of the task');
  if (thrown.code === 'INTERNAL' || isTime || SLIP.test(thrown.message)) faults.push(thrown.message);
}

/** Frames that came out of a cut file although they are not what the whole file holds, without a word about it. */
export function silentlyWrong(whole: Opened, cut: Opened): string[] {
  return [...cut.frames].flatMap(([name, frame]) => {
    const original = whole.frames.get(name);
    const same = original !== undefined && sameValues(frame, original);
    return same || frame.warnings.length > 0
      ? []
      : [`frame ${name} of the cut file is not the frame of the whole one`];
  });
}

function sameValues(a: Frame, b: Frame): boolean {
  const bytes = ({ values }: Frame): Buffer =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return a.dtype === b.dtype && bytes(a).equals(bytes(b));
}
