/** Moves and counts among key frames; `selected` is ascending. */
export function nextKeyFrame(selected: readonly number[], frame: number): number | null {
  return selected.find((key) => key > frame) ?? null;
}

export function previousKeyFrame(selected: readonly number[], frame: number): number | null {
  return selected.findLast((key) => key < frame) ?? null;
}

/** Place of a frame among the key frames, from 0; null when it is none. */
export function keyIndex(selected: readonly number[], frame: number): number | null {
  const index = selected.indexOf(frame);
  return index < 0 ? null : index;
}

/** Smallest and largest k that a share between 5 and 100 % allows. */
export const SMALLEST_RATIO = 0.05;

/** k of a share of `frames`, at least one. */
export function countOfRatio(ratio: number, frames: number): number {
  return Math.min(frames, Math.max(1, Math.round(ratio * frames)));
}
