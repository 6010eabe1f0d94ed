import type { KeysliceError } from '../contract/errors.ts';
import type { AppEvent } from '../contract/ipc.ts';

/** Frames arrive by the hundred a second; the page is told a few times a second. */
const INTERVAL_MS = 80;

/** Gathers what happened to the frames of a phase and tells the page in batches. */
export class FrameEvents {
  readonly #seriesId: string;
  readonly #first: number;
  readonly #emit: (event: AppEvent) => void;
  #decoded: number[] = [];
  #failed: { frame: number; error: ReturnType<KeysliceError['report']> }[] = [];
  #timer: NodeJS.Timeout | null = null;

  /** @param first index in the series of the phase's first frame: events count over all phases */
  constructor(seriesId: string, first: number, emit: (event: AppEvent) => void) {
    this.#seriesId = seriesId;
    this.#first = first;
    this.#emit = emit;
  }

  add(frame: number, error: KeysliceError | null): void {
    if (error === null) this.#decoded.push(this.#first + frame);
    else this.#failed.push({ frame: this.#first + frame, error: error.report() });
    this.#timer ??= setTimeout(() => {
      this.flush();
    }, INTERVAL_MS);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#decoded.length === 0 && this.#failed.length === 0) return;
    const event = {
      type: 'frames' as const,
      seriesId: this.#seriesId,
      decoded: this.#decoded,
      failed: this.#failed,
    };
    this.#decoded = [];
    this.#failed = [];
    this.#emit(event);
  }
}
