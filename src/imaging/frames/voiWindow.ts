/** The VOI LUTs and functions (PS3.3 C.11.2.1.1 to C.11.2.1.3) from modality values to 0..255. */
import type { Frame } from '../../contract/frame.ts';
import type { VoiTable, VoiTransform, VoiWindow } from '../../contract/series.ts';
import { modalityValue } from './toModality.ts';

/** The file's first window, or LUT where it has no window; null where it has none: then `fullRangeWindow` of the frame is shown. */
export function defaultWindow(windows: readonly VoiTransform[]): VoiTransform | null {
  return windows[0] ?? null;
}

/** From the smallest to the largest value of a grey frame, padding left out. */
export function fullRangeWindow(frame: Frame): VoiWindow {
  const ends = [modalityValue(frame.min, frame.modality), modalityValue(frame.max, frame.modality)];
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  return {
    center: (low + high) / 2,
    width: Math.max(high - low, Number.MIN_VALUE),
    function: 'LINEAR_EXACT',
    name: null,
  };
}

/** The function of a window or LUT: modality value to 0..255, not rounded. */
export function voiFunction(transform: VoiTransform): (value: number) => number {
  return transform.function === 'TABLE' ? tableFunction(transform) : windowFunction(transform);
}

function tableFunction({ first, values, white }: VoiTable): (value: number) => number {
  const last = values.length - 1;
  return (value) => ((values[Math.min(Math.max(Math.round(value - first), 0), last)] ?? 0) / white) * 255;
}

function windowFunction(window: VoiWindow): (value: number) => number {
  const { center, width } = window;
  switch (window.function) {
    case 'LINEAR_EXACT':
      return ramp(center - width / 2, width);
    case 'SIGMOID':
      return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
    case 'LINEAR':
      // Width 1 is a threshold at center − 0.5.
      return ramp(center - 0.5 - (width - 1) / 2, width - 1);
  }
}

const ramp =
  (low: number, width: number) =>
  (value: number): number => {
    if (value <= low) return 0;
    return value > low + width ? 255 : ((value - low) / width) * 255;
  };
