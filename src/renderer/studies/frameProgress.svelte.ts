import type { ErrorReport } from '../../contract/errors.ts';
import type { AppEvent, SeriesView } from '../../contract/ipc.ts';

export type FrameStatus = 'waiting' | 'decoded' | 'failed';

/** Which frames of the shown series are decoded and which failed. Frames are counted over all phases. */
export class FrameProgress {
  #seriesId: string | null = null;
  #total = 0;
  #decoded = new Set<number>();
  #failures = new Map<number, ErrorReport>();
  /** Grows with every change: what reads the sets depends on it. */
  version = $state(0);

  reset(series: Pick<SeriesView, 'id' | 'frames' | 'phases'> | null): void {
    this.#seriesId = series?.id ?? null;
    this.#total = series === null ? 0 : series.frames * series.phases;
    this.#decoded = new Set();
    this.#failures = new Map();
    this.version += 1;
  }

  apply(event: Extract<AppEvent, { type: 'frames' }>): void {
    if (event.seriesId !== this.#seriesId) return;
    for (const frame of event.decoded) this.#decoded.add(frame);
    for (const { frame, error } of event.failed) this.#failures.set(frame, error);
    this.version += 1;
  }

  status(frame: number): FrameStatus {
    void this.version;
    if (this.#failures.has(frame)) return 'failed';
    return this.#decoded.has(frame) ? 'decoded' : 'waiting';
  }

  failure(frame: number): ErrorReport | null {
    void this.version;
    return this.#failures.get(frame) ?? null;
  }

  get decodedCount(): number {
    void this.version;
    return this.#decoded.size;
  }

  get failedCount(): number {
    void this.version;
    return this.#failures.size;
  }

  get total(): number {
    void this.version;
    return this.#total;
  }
}
