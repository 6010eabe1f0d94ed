import { KeysliceError } from '../../src/contract/errors.ts';
import type { Frame } from '../../src/contract/frame.ts';
import type { FrameRecord, Series } from '../../src/contract/series.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { loadWholeIntegers } from '../../src/imaging/frames/wholeIntegers.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';

export interface OwnFrame {
  frame: Frame;
  /** Stored integers of 64 bits, which the frame holds rounded to float64; null where its own values are the stored ones. */
  whole: BigInt64Array | BigUint64Array | null;
  record: FrameRecord;
  /** How `keyslice frame` names it: the series, the frame within its phase, the phase. */
  place: { series: number; frame: number; phase: number };
}

const BUDGET_BYTES = 2 ** 32;

/** The frames of a file in the order of the file, or the code of the error that it gives. */
export async function ownFrames(path: string): Promise<readonly OwnFrame[] | string> {
  try {
    const { series } = await readStudy(path);
    const frames: OwnFrame[] = [];
    for (const each of series)
      for (const own of await framesOfSeries(each)) frames[own.record.source.indexInFile] = own;
    return frames;
  } catch (thrown) {
    if (thrown instanceof KeysliceError && thrown.code !== 'INTERNAL') return thrown.code;
    throw thrown;
  }
}

async function framesOfSeries(series: Series): Promise<OwnFrame[]> {
  const files = new UnwrappedFiles(series, new MemoryBudget(BUDGET_BYTES), null);
  try {
    const frames: OwnFrame[] = [];
    for (const [at, record] of series.frames.entries()) {
      const phase = Math.floor(at / series.framesPerPhase);
      const place = { series: series.index, frame: at % series.framesPerPhase, phase };
      const request = await files.request(record);
      frames.push({
        frame: await loadFrame(request),
        whole: await loadWholeIntegers(request),
        record,
        place,
      });
    }
    return frames;
  } finally {
    await files.close();
  }
}
