import type { FrameRecord } from '../../contract/series.ts';

/**
 * Makes frames share equal orientations, pixel formats, transforms and windows by reference: thousands of frames
 * hold a handful of them. Those with tables are left alone; frames of one file share them already.
 */
export function shareEqual(frames: readonly FrameRecord[]): FrameRecord[] {
  const known = new Map<string, unknown>();
  // Frames of one file share already: what was looked at once is not written out again.
  const seen = new Map<unknown, unknown>();
  const shared = <T>(value: T): T => {
    const same = (seen.get(value) as T | undefined) ?? equalTo(value, known);
    seen.set(value, same);
    return same;
  };
  return frames.map((frame) => ({
    ...frame,
    orientation: shared(frame.orientation),
    windows: frame.windows.some((window) => window.function === 'TABLE')
      ? frame.windows
      : shared(frame.windows),
    pixel: frame.pixel.palette === null ? shared(frame.pixel) : frame.pixel,
    modality: frame.modality.kind === 'linear' ? shared(frame.modality) : frame.modality,
  }));
}

function equalTo<T>(value: T, known: Map<string, unknown>): T {
  const key = JSON.stringify(value);
  const same = known.get(key) as T | undefined;
  if (same === undefined) known.set(key, value);
  return same ?? value;
}
