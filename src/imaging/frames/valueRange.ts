import type { StoredArray } from '../../contract/frame.ts';
import type { PixelFormat } from '../../contract/series.ts';

/**
 * Smallest and largest value, padding (PS3.3 C.7.5.1.1.2) and non-finite values left out; 0 and 0 when nothing is left.
 */
export function valueRange(
  values: StoredArray,
  padding: PixelFormat['padding'],
): { min: number; max: number } {
  if (padding === null && values.BYTES_PER_ELEMENT < 4) return rangeOfIntegers(values);
  const from = padding?.from ?? Infinity;
  const to = padding?.to ?? -Infinity;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value >= from && value <= to) continue;
    // Infinities are let in by neither comparison; NaN fails both.
    if (value < min && value !== -Infinity) min = value;
    if (value > max && value !== Infinity) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/** The common case: no value is left out. */
function rangeOfIntegers(values: StoredArray): { min: number; max: number } {
  let min = values[0] ?? 0;
  let max = min;
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    else if (value > max) max = value;
  }
  return { min, max };
}
