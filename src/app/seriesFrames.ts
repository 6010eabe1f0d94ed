import type { Frame } from '../contract/frame.ts';
import type { Series } from '../contract/series.ts';
import { FrameStore } from '../imaging/frames/frameStore.ts';
import type { MemoryBudget } from '../imaging/frames/memoryBudget.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';
import type { WorkerPool } from '../imaging/frames/workerPool.ts';
import type { MeasuredPixels } from './measureFrame.ts';

interface DecodeReply {
  frame: Frame;
  measured: MeasuredPixels;
}

type Listener = (index: number, measured: MeasuredPixels) => void;

/** The frames of one series with what the decode worker measured on them; one store for all phases. */
export class SeriesFrames {
  readonly series: Series;
  readonly store: FrameStore<DecodeReply>;
  readonly #listeners: Listener[] = [];

  /** @param scratch where files that exceed the budget are unwrapped */
  constructor(series: Series, pool: WorkerPool, budget: MemoryBudget, scratch: Scratch) {
    this.series = series;
    this.store = new FrameStore<DecodeReply>(series, pool, budget, scratch, (index, { measured }) => {
      for (const listener of this.#listeners) listener(index, measured);
    });
  }

  /** @param listener told of each frame that has been decoded, by its index in the series */
  onMeasured(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Gives memory and scratch space back. */
  async close(): Promise<void> {
    await this.store.close();
  }
}
