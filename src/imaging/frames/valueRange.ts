import type { StoredArray } from '../../contract/frame.ts';
import type { PixelFormat } from '../../contract/series.ts';

/**
 * Smallest and largest value, padding (PS3.3 C.7.5.1.1.2) and non-finite values left out; 0 and 0 when nothing is left.
 */
export function valueRange(
  values: StoredArray,
  padding: PixelFormat['padding'],
): { min: number; max: number } {
  const from = padding?.from ?? Infinity;
  const to = padding?.to ?? -Infinity;
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if ((value >= from && value <= to) || !Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}
