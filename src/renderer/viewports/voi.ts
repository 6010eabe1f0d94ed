import type { VoiWindow } from '../../contract/series.ts';

/** Modality values that become black and white. */
export interface VoiRange {
  lower: number;
  upper: number;
}

export const sameRange = (a: VoiRange, b: VoiRange | null): boolean =>
  a.lower === b?.lower && a.upper === b.upper;

/** Width and centre as DICOM counts them for LINEAR (PS3.3 C.11.2.1.2.1). */
export interface WindowLevel {
  width: number;
  center: number;
}

/** Range of a window: LINEAR spans width − 1 around centre − 0.5, the others span width around centre. */
export function rangeOf(window: Pick<VoiWindow, 'width' | 'center' | 'function'>): VoiRange {
  const { center, width } = window;
  if (window.function === 'LINEAR') {
    const half = Math.max(width - 1, Number.EPSILON) / 2;
    return { lower: center - 0.5 - half, upper: center - 0.5 + half };
  }
  return { lower: center - width / 2, upper: center + width / 2 };
}

/** The window that a range stands for: the inverse of `rangeOf`. */
export function windowOf(range: VoiRange, shape: VoiWindow['function'] = 'LINEAR'): WindowLevel {
  const middle = (range.lower + range.upper) / 2;
  const span = range.upper - range.lower;
  return shape === 'LINEAR' ? { width: span + 1, center: middle + 0.5 } : { width: span, center: middle };
}

const BINS = 4096;
/** Share of the pixels left out at each end, so that one hot pixel does not darken the image. */
const CLIP = 0.005;

/** A window for images whose file has none: from the 0.5th to the 99.5th percentile of the values. */
export function automaticWindow(values: ArrayLike<number>, min: number, max: number): VoiWindow {
  const name = null;
  if (!(max > min)) return { center: min, width: 1, function: 'LINEAR_EXACT', name };
  const counts = histogram(values, min, max);
  const wanted = values.length * CLIP;
  const low = firstAbove(counts, wanted);
  const high = BINS - 1 - firstAbove(counts.toReversed(), wanted);
  const step = (max - min) / BINS;
  const lower = min + low * step;
  const upper = min + (Math.max(high, low) + 1) * step;
  return { center: (lower + upper) / 2, width: upper - lower, function: 'LINEAR_EXACT', name };
}

function histogram(values: ArrayLike<number>, min: number, max: number): Uint32Array {
  const counts = new Uint32Array(BINS);
  const scale = BINS / (max - min);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.min(BINS - 1, Math.floor((values[i]! - min) * scale));
    if (bin >= 0) counts[bin]! += 1;
  }
  return counts;
}

function firstAbove(counts: Uint32Array, wanted: number): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    sum += counts[bin]!;
    if (sum > wanted) return bin;
  }
  return counts.length - 1;
}
