/** The images that the ribbon shows: `first` included, `end` not. Fractions arise while zooming. */
export interface RibbonRange {
  first: number;
  end: number;
}

/** Fewest images that the ribbon zooms in to. */
const CLOSEST = 12;

export const wholeRange = (frames: number): RibbonRange => ({ first: 0, end: Math.max(1, frames) });

export const isWhole = (range: RibbonRange, frames: number): boolean =>
  range.first <= 0 && range.end >= frames;

function clamp(first: number, length: number, frames: number): RibbonRange {
  const start = Math.min(Math.max(0, first), Math.max(0, frames - length));
  return { first: start, end: start + length };
}

/** Zooms so that the image at `anchor` stays under the pointer. `factor` < 1: closer. */
export function zoomRange(range: RibbonRange, frames: number, anchor: number, factor: number): RibbonRange {
  const length = range.end - range.first;
  const next = Math.min(frames, Math.max(Math.min(CLOSEST, frames), length * factor));
  if (next >= frames) return wholeRange(frames);
  const share = (anchor - range.first) / length;
  return clamp(anchor - share * next, next, frames);
}

/** Moves the range just far enough that the frame is inside. */
export function including(range: RibbonRange, frames: number, frame: number): RibbonRange {
  const length = range.end - range.first;
  if (frame < range.first) return clamp(frame, length, frames);
  if (frame + 1 > range.end) return clamp(frame + 1 - length, length, frames);
  return range;
}
