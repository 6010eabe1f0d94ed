import type { SeriesView } from '../../contract/ipc.ts';
import { cineTimes, frameDue, nominalFps, SPEEDS, type CineTimes } from './cineClock.ts';

/** The true rate is measured over this time. */
const MEASURE_MS = 2000;
const NORMAL_SPEED = SPEEDS.indexOf(1);
const STILL: CineTimes = { starts: [0], duration: 0 };

/** Playing a loop by the clock: at each moment the frame that is due, whatever was drawn in between. */
export class Cine {
  playing = $state(false);
  #speed = $state(NORMAL_SPEED);
  #shownAt = $state.raw<readonly number[]>([]);
  #times = $state.raw<CineTimes>(STILL);
  #playback: 'loop' | 'sweep' = 'loop';
  #origin = 0;

  reset(series: SeriesView | null): void {
    this.playing = false;
    this.#speed = NORMAL_SPEED;
    this.#shownAt = [];
    this.#times = series === null ? STILL : cineTimes(series);
    this.#playback = series?.cine?.playback ?? 'loop';
  }

  /** @param frame that is on show; @param now in ms, from any clock that only runs forward. */
  toggle(frame: number, now: number): void {
    this.playing = !this.playing && this.#times.starts.length > 1;
    this.#shownAt = [];
    this.#start(frame, now);
  }

  stop(): void {
    this.playing = false;
  }

  faster(frame: number, now: number): void {
    this.#setSpeed(this.#speed + 1, frame, now);
  }

  slower(frame: number, now: number): void {
    this.#setSpeed(this.#speed - 1, frame, now);
  }

  frameAt(now: number): number {
    return frameDue(this.#times, (now - this.#origin) * this.speed, this.#playback);
  }

  /** A new frame reached the screen. */
  drew(now: number): void {
    if (this.playing) this.#shownAt = [...this.#shownAt.filter((time) => now - time < MEASURE_MS), now];
  }

  get speed(): number {
    return SPEEDS[this.#speed] ?? 1;
  }

  get wantedFps(): number {
    return nominalFps(this.#times) * this.speed;
  }

  /** Frames that truly reached the screen per second; null until it can be told. */
  get shownFps(): number | null {
    const first = this.#shownAt[0];
    const last = this.#shownAt.at(-1);
    if (first === undefined || last === undefined || last - first < 200) return null;
    return ((this.#shownAt.length - 1) * 1000) / (last - first);
  }

  #setSpeed(index: number, frame: number, now: number): void {
    this.#speed = Math.min(SPEEDS.length - 1, Math.max(0, index));
    this.#shownAt = [];
    this.#start(frame, now);
  }

  #start(frame: number, now: number): void {
    this.#origin = now - (this.#times.starts[frame] ?? 0) / this.speed;
  }
}
