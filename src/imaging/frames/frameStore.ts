/**
 * The frames of one series on demand: decoded in the pool, kept under the shared memory budget, decoded again when
 * they were let go. A frame that failed stays failed.
 */
import { setMaxListeners } from 'node:events';
import { KeysliceError, toKeysliceError } from '../../contract/errors.ts';
import type { Frame } from '../../contract/frame.ts';
import type { FrameRecord, Series } from '../../contract/series.ts';
import { shownPath } from '../../contract/shownPath.ts';
import type { Scratch } from '../scan/scratch.ts';
import type { FrameRequest } from './loadFrame.ts';
import type { KeptBytes, MemoryBudget } from './memoryBudget.ts';
import { UnwrappedFiles } from './unwrappedFiles.ts';
import type { WorkerPool } from './workerPool.ts';

/** What the worker's `decode` task gives; more may come with the frame (features of the same pixels). */
export interface DecodeReply {
  frame: Frame;
}

/** One frame is bounded in time: a codec that hangs costs that frame. */
const DECODE_TIMEOUT_MS = 10_000;

interface Pending {
  promise: Promise<Frame>;
  priority: number;
}

interface Cached extends KeptBytes {
  readonly frame: Frame;
}

export class FrameStore<Reply extends DecodeReply = DecodeReply> {
  readonly series: Series;
  readonly #pool: WorkerPool;
  readonly #budget: MemoryBudget;
  readonly #onDecoded: (index: number, reply: Reply) => void;
  readonly #files: UnwrappedFiles;
  readonly #cache = new Map<number, Cached>();
  readonly #pending = new Map<number, Pending>();
  readonly #failures = new Map<number, KeysliceError>();
  #leave = leaving();

  /**
   * @param scratch where files that exceed the budget are unwrapped; null: they are refused
   * @param onDecoded called each time a frame has been decoded, before its promise resolves
   */
  constructor(
    series: Series,
    pool: WorkerPool,
    budget: MemoryBudget,
    scratch: Scratch | null,
    onDecoded: (index: number, reply: Reply) => void = () => undefined,
  ) {
    this.series = series;
    this.#pool = pool;
    this.#budget = budget;
    this.#onDecoded = onDecoded;
    this.#files = new UnwrappedFiles(series, budget, scratch);
  }

  /**
   * The frame, from memory or decoded. Asking again for a frame that waits raises its priority.
   *
   * @param priority higher goes first, among all series of the pool
   * @throws KeysliceError FRAME_OUT_OF_RANGE, CANCELLED, or why the frame cannot be had, with its index in the series
   */
  async frame(index: number, priority: number): Promise<Frame> {
    const cached = this.#cache.get(index);
    if (cached !== undefined) {
      this.#budget.touch(cached);
      return cached.frame;
    }
    const failure = this.#failures.get(index);
    if (failure !== undefined) throw failure;
    const pending = this.#pending.get(index) ?? this.#request(index, priority);
    pending.priority = Math.max(pending.priority, priority);
    return await pending.promise;
  }

  /** What a worker needs to read the frame by itself. @throws KeysliceError FRAME_OUT_OF_RANGE, as `frame` does */
  async request(index: number): Promise<FrameRequest> {
    return await this.#files.request(this.#record(index));
  }

  /** The frame if it is in memory; asks for nothing. */
  cached(index: number): Frame | null {
    return this.#cache.get(index)?.frame ?? null;
  }

  /** Why the frame cannot be had; null when it can, or has not been tried. */
  failed(index: number): KeysliceError | null {
    return this.#failures.get(index) ?? null;
  }

  /** The series is left: what waits is rejected with CANCELLED and can be asked for again. */
  cancelQueued(): void {
    this.#leave.abort();
    this.#leave = leaving();
    this.#pending.clear();
  }

  /** Cancels what waits and gives all memory back. */
  async close(): Promise<void> {
    this.cancelQueued();
    for (const entry of this.#cache.values()) this.#budget.release(entry);
    this.#cache.clear();
    await this.#files.close();
  }

  #request(index: number, priority: number): Pending {
    const promise = this.#decode(index, () => pending.priority, this.#leave.signal).finally(() => {
      if (this.#pending.get(index) === pending) this.#pending.delete(index);
    });
    const pending: Pending = { promise, priority };
    this.#pending.set(index, pending);
    return pending;
  }

  async #decode(index: number, priority: () => number, signal: AbortSignal): Promise<Frame> {
    const record = this.#record(index);
    const path = shownPath(this.#files.fileOf(record));
    try {
      const reply = await this.#pool.run<Reply>('decode', await this.#files.request(record), {
        priority,
        signal,
        timeoutMs: DECODE_TIMEOUT_MS,
        lost: (reason) => new KeysliceError('FRAME_FAILED', { reason }, { path }),
      });
      this.#keep(index, reply.frame);
      this.#onDecoded(index, reply);
      return reply.frame;
    } catch (thrown) {
      const error = toKeysliceError(thrown, path);
      const known = new KeysliceError(
        error.code,
        { ...error.facts, frame: index },
        { path: error.path, cause: thrown },
      );
      if (known.code !== 'CANCELLED') this.#failures.set(index, known);
      throw known;
    }
  }

  #record(index: number): FrameRecord {
    const record = this.series.frames[index];
    if (record === undefined) {
      throw new KeysliceError('FRAME_OUT_OF_RANGE', { frame: index, last: this.series.frames.length - 1 });
    }
    return record;
  }

  #keep(index: number, frame: Frame): void {
    const evict = (): void => {
      this.#cache.delete(index);
    };
    const bytes = frame.values.byteLength + (frame.overlay?.byteLength ?? 0);
    const entry: Cached = { frame, bytes, evict };
    this.#cache.set(index, entry);
    this.#budget.keep(entry);
  }
}

/** Every frame that waits listens to it: any number is no leak. */
function leaving(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
