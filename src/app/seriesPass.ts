import { KeysliceError, toKeysliceError } from '../contract/errors.ts';
import type { Frame } from '../contract/frame.ts';
import type { FrameFeatures } from '../contract/sampling.ts';
import type { WorkerPool } from '../imaging/frames/workerPool.ts';
import { FeatureAccumulator, type TemporalJob } from '../ml/features/featureAccumulator.ts';
import type { TemporalFeatures } from '../ml/features/temporalFeatures.ts';
import type { PixelFacts } from '../ml/packages/pixelFacts.ts';
import type { MeasuredPixels } from './measureFrame.ts';
import { phaseStart } from './selectSeries.ts';
import type { SeriesFrames } from './seriesFrames.ts';

/** Higher goes first: what a person looks at, then comparisons (they free memory), then the stream. */
export const PRIORITY = { visible: 3, thumbnail: 2, compare: 1, stream: 0 } as const;

export interface PassHooks {
  signal: AbortSignal;
  /** Called for each frame of the phase, once. */
  onFrame: (frame: number, error: KeysliceError | null) => void;
}

export interface PassTimes {
  decode: number;
  features: number;
}

/** Frames in work per thread: one decodes while the next one's bytes are on their way. */
const IN_FLIGHT_PER_THREAD = 2;

/** One phase of a series on its way through decoding and the feature pass. Frames count within the phase. */
export class SeriesPass {
  readonly frames: number;
  readonly failed = new Map<number, KeysliceError>();
  readonly #start: number;
  readonly #source: SeriesFrames;
  readonly #pool: WorkerPool;
  readonly #accumulator: FeatureAccumulator;
  readonly #measured = new Set<number>();
  #pixels: PixelFacts = { min: Infinity, max: -Infinity, distinct: [] };
  #comparing: Promise<void>[] = [];
  #lost: KeysliceError | null = null;
  #featuresMs = 0;
  #decodeMs = 0;

  constructor(source: SeriesFrames, phase: number, pool: WorkerPool) {
    this.#source = source;
    this.#start = phaseStart(source.series, phase);
    this.frames = source.series.framesPerPhase;
    this.#pool = pool;
    this.#accumulator = new FeatureAccumulator(this.frames);
    source.onMeasured((index, measured) => {
      this.#measure(index - this.#start, measured);
    });
  }

  /** A frame of this phase. @throws KeysliceError as `FrameStore.frame` does */
  frame(frame: number, priority: number): Promise<Frame> {
    return this.#source.store.frame(this.#start + frame, priority);
  }

  /** Features of what has been measured so far; final after `run`. */
  features(): FrameFeatures {
    return this.#accumulator.features();
  }

  get pixels(): PixelFacts {
    return this.#pixels;
  }

  get times(): PassTimes {
    return { decode: Math.round(this.#decodeMs), features: Math.round(this.#featuresMs) };
  }

  /**
   * Decodes and measures every frame that has not been. Cancelling lets the frames in work finish; it may be called
   * again for the rest.
   * @throws KeysliceError CANCELLED
   */
  async run({ signal, onFrame }: PassHooks): Promise<void> {
    const begin = performance.now();
    const waiting = Array.from({ length: this.frames }, (_, frame) => frame).values();
    const lane = async (): Promise<void> => {
      for (const frame of waiting) {
        if (signal.aborted) throw new KeysliceError('CANCELLED');
        await this.#readOnce(frame);
        onFrame(frame, this.failed.get(frame) ?? null);
      }
    };
    try {
      await settleAll(Array.from({ length: this.#pool.size * IN_FLIGHT_PER_THREAD }, lane));
      await Promise.all(this.#comparing);
      if (this.#lost !== null) throw this.#lost;
    } finally {
      this.#decodeMs += performance.now() - begin;
    }
  }

  async #readOnce(frame: number): Promise<void> {
    if (this.#measured.has(frame) || this.failed.has(frame)) return;
    try {
      await this.frame(frame, PRIORITY.stream);
    } catch (thrown) {
      const error = toKeysliceError(thrown);
      if (error.code === 'CANCELLED') throw error;
      this.#fail(frame, error);
    }
  }

  #measure(frame: number, { spatial, min, max, distinct, ms }: MeasuredPixels): void {
    if (frame < 0 || frame >= this.frames || this.#measured.has(frame) || this.failed.has(frame)) return;
    this.#featuresMs += ms;
    if (spatial === null) {
      this.#fail(
        frame,
        new KeysliceError('FRAME_FAILED', { frame, reason: 'fewer than 1 % of its pixels are valid' }),
      );
      return;
    }
    this.#measured.add(frame);
    this.#pixels = {
      min: Math.min(this.#pixels.min, min),
      max: Math.max(this.#pixels.max, max),
      distinct: [...new Set([...this.#pixels.distinct, ...distinct])].slice(0, 3),
    };
    this.#compare(this.#accumulator.add(frame, spatial));
  }

  #fail(frame: number, error: KeysliceError): void {
    this.failed.set(frame, error);
    this.#compare(this.#accumulator.add(frame, null));
  }

  #compare(jobs: readonly TemporalJob[]): void {
    for (const job of jobs) {
      const done = this.#pool
        .run<{ temporal: TemporalFeatures; ms: number }>('compare', job, { priority: PRIORITY.compare })
        .then(({ temporal, ms }) => {
          this.#featuresMs += ms;
          this.#accumulator.addTemporal(job.frame, temporal);
        })
        .catch((thrown: unknown) => {
          this.#lost ??= toKeysliceError(thrown);
        });
      this.#comparing.push(done);
    }
  }
}

/** Waits for all, then throws the first failure: no work goes on behind a pass that was cancelled. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises))
    if (result.status === 'rejected') throw result.reason;
}
