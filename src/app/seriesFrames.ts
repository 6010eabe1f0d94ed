import type { Frame } from '../contract/frame.ts';
import type { Series } from '../contract/series.ts';
import { FrameStore } from '../imaging/frames/frameStore.ts';
import type { MemoryBudget } from '../imaging/frames/memoryBudget.ts';
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

  constructor(series: Series, pool: WorkerPool, budget: MemoryBudget) {
    this.series = series;
    this.store = new FrameStore<DecodeReply>(series, pool, budget, (index, { measured }) => {
      for (const listener of this.#listeners) listener(index, measured);
    });
  }

  /** @param listener told of each frame that has been decoded, by its index in the series */
  onMeasured(listener: Listener): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.store.close();
  }
}
