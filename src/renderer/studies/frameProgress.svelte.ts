import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { ErrorReport } from '../../contract/errors.ts';
import type { AppEvent, SeriesView } from '../../contract/ipc.ts';

export type FrameStatus = 'waiting' | 'decoded' | 'failed';

interface Known {
  decoded: SvelteSet<number>;
  failures: SvelteMap<number, ErrorReport>;
}

/**
 * Which frames are decoded and which failed, by series; the program tells each frame once, so what was told is kept
 * while another series is shown. Frames are counted over all phases.
 */
export class FrameProgress {
  readonly #known = new SvelteMap<string, Known>();
  #shown = $state<string | null>(null);
  /** Frames of the shown phase, over all phases: `end` not included. */
  #range = $state.raw({ first: 0, end: 0 });

  show(series: Pick<SeriesView, 'id' | 'frames'> | null, phase = 0): void {
    this.#shown = series?.id ?? null;
    const frames = series?.frames ?? 0;
    this.#range = { first: phase * frames, end: (phase + 1) * frames };
  }

  /** Another study: nothing is known. */
  clear(): void {
    this.#known.clear();
    this.show(null);
  }

  apply(event: Extract<AppEvent, { type: 'frames' }>): void {
    const known = this.#known.get(event.seriesId) ?? { decoded: new SvelteSet(), failures: new SvelteMap() };
    this.#known.set(event.seriesId, known);
    for (const frame of event.decoded) known.decoded.add(frame);
    for (const { frame, error } of event.failed) known.failures.set(frame, error);
  }

  status(frame: number): FrameStatus {
    const known = this.#current();
    if (known?.failures.has(frame) === true) return 'failed';
    return known?.decoded.has(frame) === true ? 'decoded' : 'waiting';
  }

  /** Of the shown phase. */
  get decodedCount(): number {
    return this.#inPhase([...(this.#current()?.decoded ?? [])]);
  }

  /** Of the shown phase. */
  get failedCount(): number {
    return this.#inPhase([...(this.#current()?.failures.keys() ?? [])]);
  }

  /** Frames of the shown phase. */
  get total(): number {
    return this.#range.end - this.#range.first;
  }

  #inPhase(frames: readonly number[]): number {
    const { first, end } = this.#range;
    return frames.filter((frame) => frame >= first && frame < end).length;
  }

  #current(): Known | undefined {
    return this.#shown === null ? undefined : this.#known.get(this.#shown);
  }
}
