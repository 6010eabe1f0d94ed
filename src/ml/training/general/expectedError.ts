import type { RebuildCosts } from '../../samplers/rebuildCosts.ts';

export interface ErrorAndGradient {
  value: number;
  /** T: how the value changes with each frame's inclusion. */
  gradient: Float64Array;
}

/** Overlap of two intervals and which of their ends bound it. */
interface Overlap {
  length: number;
  /** True where the bound belongs to the first interval. */
  topOfFirst: boolean;
  bottomOfFirst: boolean;
}

/**
 * Expected rebuild error, as a share of the variance, of systematic sampling with a start drawn from [0, 1): slot j
 * takes the first frame at which the inclusions add up to j + start. Frame t is taken when the points j + start meet
 * (Πₜ₋₁, Πₜ], so the chance that i and j follow each other is the overlap of i's interval, moved by one, with that of
 * j: the expectation is a sum over the few pairs that overlap.
 * @param shares inclusions πₜ ≤ 1 that add up to k
 */
export function expectedError(costs: RebuildCosts, shares: Float64Array): ErrorAndGradient {
  const { frames, between, head, tail, total } = costs;
  const tops = runningSums(shares);
  const slots = Math.round(tops[frames - 1]!);
  const bottom = (t: number): number => (t > 0 ? tops[t - 1]! : 0);
  const byTop = new Float64Array(frames + 1);
  let value = 0;
  /** Adds cost · overlap of the interval of i, moved by one, with that of j. */
  const addPair = (i: number, j: number, cost: number): void => {
    const { length, topOfFirst, bottomOfFirst } = overlap(bottom(i) + 1, tops[i]! + 1, bottom(j), tops[j]!);
    if (length <= 0) return;
    value += cost * length;
    byTop[topOfFirst ? i + 1 : j + 1]! += cost;
    byTop[bottomOfFirst ? i : j]! -= cost;
  };
  const addEnd = (t: number, low: number, high: number, cost: number): void => {
    const { length, topOfFirst, bottomOfFirst } = overlap(bottom(t), tops[t]!, low, high);
    if (length <= 0) return;
    value += cost * length;
    if (topOfFirst) byTop[t + 1]! += cost;
    if (bottomOfFirst) byTop[t]! -= cost;
  };
  let first = 0;
  for (let j = 0; j < frames; j++) {
    addEnd(j, 0, 1, head[j]!);
    addEnd(j, slots - 1, slots, tail[j]!);
    while (first < j && tops[first]! + 1 <= bottom(j)) first++;
    for (let i = first; i < j && bottom(i) + 1 < tops[j]!; i++) addPair(i, j, between[j * frames + i]!);
  }
  return { value: value / total, gradient: byInclusion(byTop, frames, total) };
}

function overlap(bottomA: number, topA: number, bottomB: number, topB: number): Overlap {
  const topOfFirst = topA < topB;
  const bottomOfFirst = bottomA > bottomB;
  const length = (topOfFirst ? topA : topB) - (bottomOfFirst ? bottomA : bottomB);
  return { length, topOfFirst, bottomOfFirst };
}

function runningSums(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** @param byTop at t + 1 the gradient with respect to Πₜ; π moves every Π from its own frame on */
function byInclusion(byTop: Float64Array, frames: number, total: number): Float64Array {
  const gradient = new Float64Array(frames);
  let sum = 0;
  for (let t = frames - 1; t >= 0; t--) {
    sum += byTop[t + 1]!;
    gradient[t] = sum / total;
  }
  return gradient;
}
