import { TIE_DISTANCE, type Picked } from './picked.ts';

/** Sums that should be equal differ by less than this. */
const ROUNDING = 1e-9;

/**
 * Inclusion πₜ = min(1, c·ρₜ) with c such that Σπ = k, by water-filling: the densest frames fill up first.
 * @param density T positive numbers
 */
export function inclusions(density: Float64Array, k: number): Float64Array {
  const descending = Float64Array.from(density).sort().reverse();
  let rest = descending.reduce((sum, value) => sum + value, 0);
  let full = 0;
  while (full < k && (k - full) * descending[full]! >= rest) rest -= descending[full++]!;
  if (full >= k) return keepFull(density, k);
  const factor = (k - full) / rest;
  return density.map((value) => Math.min(1, factor * value));
}

/** Only where all density lies on k frames or fewer does nothing remain for the others. */
function keepFull(density: Float64Array, k: number): Float64Array {
  const order = Array.from(density, (_, index) => index).sort((a, b) => density[b]! - density[a]! || a - b);
  const shares = new Float64Array(density.length);
  for (const index of order.slice(0, k)) shares[index] = 1;
  return shares;
}

/**
 * Systematic sampling (docs/das.md section 4): slot j takes the first frame at which the inclusions add up to j + start.
 * As no frame adds more than 1, the frames are distinct.
 * @param start between 0 and 1; ½ but for the noise of training
 */
export function selectSystematic(density: Float64Array, k: number, start = 0.5): Picked {
  const shares = inclusions(density, k);
  const indices = new Int32Array(k);
  let slot = 0;
  let sum = 0;
  let tie = false;
  for (let t = 0; t < shares.length && slot < k; t++) {
    sum += shares[t]!;
    const distance = sum - (slot + start);
    tie ||= Math.abs(distance) < TIE_DISTANCE && k < shares.length;
    if (distance >= -ROUNDING) indices[slot++] = t;
  }
  return { indices, tie };
}
