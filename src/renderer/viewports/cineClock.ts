import type { SeriesView } from '../../contract/ipc.ts';

/** Frames per second when the file says nothing. */
export const DEFAULT_FPS = 10;
export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.5, 2, 4] as const;

/** When each frame of the loop begins, and how long the loop lasts, in ms. */
export interface CineTimes {
  starts: readonly number[];
  duration: number;
}

/**
 * The loop's own times: Recommended Display Frame Rate, else the per-frame times (Frame Time Vector), else the
 * nominal frame time, else 10 frames per second.
 */
export function cineTimes(series: Pick<SeriesView, 'frames' | 'cine' | 'frameTimesMs'>): CineTimes {
  const { frames, cine, frameTimesMs } = series;
  const fps = cine?.displayFps ?? null;
  const nominal = cine?.frameTimeMs ?? 1000 / DEFAULT_FPS;
  if (fps === null && frameTimesMs.length === frames && frames > 1 && isRising(frameTimesMs)) {
    const first = frameTimesMs[0] ?? 0;
    const last = frameTimesMs[frames - 1] ?? 0;
    const mean = (last - first) / (frames - 1);
    return { starts: frameTimesMs.map((time) => time - first), duration: last - first + mean };
  }
  const period = fps !== null && fps > 0 ? 1000 / fps : nominal > 0 ? nominal : 1000 / DEFAULT_FPS;
  return { starts: Array.from({ length: frames }, (_, frame) => frame * period), duration: frames * period };
}

function isRising(times: readonly number[]): boolean {
  return times.every((time, index) => index === 0 || time > (times[index - 1] ?? Infinity));
}

/** Mean frames per second of the loop at normal speed. */
export function nominalFps(times: CineTimes): number {
  return times.duration > 0 ? (times.starts.length * 1000) / times.duration : 0;
}

/**
 * The frame that is due `elapsed` ms after frame 0. Frames that the screen was too slow for are skipped, never
 * queued. `sweep` runs there and back.
 */
export function frameDue(times: CineTimes, elapsed: number, playback: 'loop' | 'sweep'): number {
  const { starts, duration } = times;
  if (starts.length < 2 || duration <= 0) return 0;
  if (playback === 'loop') return lastStarted(starts, elapsed % duration);
  const place = elapsed % (2 * duration);
  return place < duration ? lastStarted(starts, place) : lastStarted(starts, 2 * duration - place);
}

function lastStarted(starts: readonly number[], time: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? Infinity) <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}
