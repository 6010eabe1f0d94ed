import type { VoiTransform, VoiWindow } from '../../contract/series.ts';

/** Modality values between which a window or LUT changes: what lies outside looks as its ends do. */
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

/** SIGMOID has no ends: at this many widths from its centre it is within a tenth of a grey level of them. */
const SIGMOID_REACH = 2;

/**
 * Range of a window or LUT: LINEAR spans width − 1 around centre − 0.5, LINEAR_EXACT width around centre, SIGMOID
 * twice the width to either side, a LUT the values that it maps.
 */
export function rangeOf(transform: VoiTransform): VoiRange {
  switch (transform.function) {
    case 'TABLE':
      return { lower: transform.first, upper: transform.first + Math.max(1, transform.values.length - 1) };
    case 'LINEAR': {
      const half = Math.max(transform.width - 1, Number.EPSILON) / 2;
      return { lower: transform.center - 0.5 - half, upper: transform.center - 0.5 + half };
    }
    case 'LINEAR_EXACT':
      return around(transform.center, transform.width / 2);
    case 'SIGMOID':
      return around(transform.center, transform.width * SIGMOID_REACH);
  }
}

const around = (center: number, half: number): VoiRange => ({ lower: center - half, upper: center + half });

/** The window that a range stands for: the inverse of `rangeOf`; of a LUT, the straight one of the same ends. */
export function windowOf(range: VoiRange, shape: VoiTransform['function'] = 'LINEAR'): WindowLevel {
  const middle = (range.lower + range.upper) / 2;
  const span = range.upper - range.lower;
  if (shape === 'LINEAR') return { width: span + 1, center: middle + 0.5 };
  return { width: shape === 'SIGMOID' ? span / (2 * SIGMOID_REACH) : span, center: middle };
}

/** Graphics memory holds a curve in this many steps. */
const MAX_LEVELS = 1024;
const SIGMOID_LEVELS = 256;

/** Levels from 0 (black) to 1 (white), evenly spaced over the range of the transform; null is a straight line. */
export function levelsOf(transform: VoiTransform | null): readonly number[] {
  if (transform?.function === 'TABLE') {
    const { values, white } = transform;
    if (values.length === 1) return [0, 0].map(() => (values[0] ?? 0) / white);
    const step = Math.max(1, (values.length - 1) / (MAX_LEVELS - 1));
    const count = Math.min(MAX_LEVELS, values.length);
    return Array.from({ length: count }, (_, i) => (values[Math.round(i * step)] ?? 0) / white);
  }
  if (transform?.function !== 'SIGMOID') return [0, 1];
  return Array.from({ length: SIGMOID_LEVELS }, (_, i) => {
    const widths = (2 * i) / (SIGMOID_LEVELS - 1) - 1;
    return 1 / (1 + Math.exp(-4 * SIGMOID_REACH * widths));
  });
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
