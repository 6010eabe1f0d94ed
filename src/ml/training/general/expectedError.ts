import type { RebuildCosts } from '../../samplers/rebuildCosts.ts';

export interface ErrorAndGradient {
  value: number;
  /** T: how the value changes with each frame's inclusion. */
  gradient: Float64Array;
}

/** Where systematic sampling may start, within [0, 1]; every start between is as likely. */
export interface Starts {
  readonly from: number;
  readonly to: number;
}

const ANY_START: Starts = { from: 0, to: 1 };

/** One end of a stretch, and the running sum of inclusions (t + 1 for Πₜ) that it moves with; null: it stands still. */
interface Bound {
  readonly at: number;
  readonly sum: number | null;
}

/**
 * Expected rebuild error, as a share of the variance, of systematic sampling whose start is drawn: slot j takes the
 * first frame at which the inclusions add up to j + start. Frame t is taken when one of the points j + start meets
 * (Πₜ₋₁, Πₜ], so frames i and j follow each other for the starts at which i's interval, moved by one, and that of j
 * overlap: the expectation is a sum over the few pairs that do.
 * @param shares inclusions πₜ ≤ 1 that add up to k
 */
export function expectedError(
  costs: RebuildCosts,
  shares: Float64Array,
  starts: Starts = ANY_START,
): ErrorAndGradient {
  const { frames, between, head, tail, total } = costs;
  const tops = runningSums(shares);
  const slots = Math.round(tops[frames - 1]!);
  const bottom = (t: number, moved = 0): Bound => ({ at: (t > 0 ? tops[t - 1]! : 0) + moved, sum: t });
  const top = (t: number, moved = 0): Bound => ({ at: tops[t]! + moved, sum: t + 1 });
  const byTop = new Float64Array(frames + 1);
  let value = 0;
  /** Adds cost times how much of the stretch from `low` to `high` lies at starts that are drawn. */
  const add = (cost: number, low: Bound, high: Bound): void => {
    for (let slot = Math.floor(low.at - starts.to); slot + starts.from < high.at; slot++) {
      const first = later(low, { at: slot + starts.from, sum: null });
      const last = earlier(high, { at: slot + starts.to, sum: null });
      if (last.at <= first.at) continue;
      value += cost * (last.at - first.at);
      if (last.sum !== null) byTop[last.sum]! += cost;
      if (first.sum !== null) byTop[first.sum]! -= cost;
    }
  };
  const addEnd = (t: number, low: number, high: number, cost: number): void => {
    add(cost, later(bottom(t), { at: low, sum: null }), earlier(top(t), { at: high, sum: null }));
  };
  let first = 0;
  for (let j = 0; j < frames; j++) {
    addEnd(j, 0, 1, head[j]!);
    addEnd(j, slots - 1, slots, tail[j]!);
    while (first < j && tops[first]! + 1 <= bottom(j).at) first++;
    for (let i = first; i < j && bottom(i, 1).at < tops[j]!; i++) {
      add(between[j * frames + i]!, later(bottom(i, 1), bottom(j)), earlier(top(i, 1), top(j)));
    }
  }
  const scale = total * (starts.to - starts.from);
  return { value: value / scale, gradient: byInclusion(byTop, frames, scale) };
}

const later = (a: Bound, b: Bound): Bound => (a.at > b.at ? a : b);
const earlier = (a: Bound, b: Bound): Bound => (a.at < b.at ? a : b);

function runningSums(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** @param byTop at t + 1 the gradient with respect to Πₜ; π moves every Π from its own frame on */
function byInclusion(byTop: Float64Array, frames: number, scale: number): Float64Array {
  const gradient = new Float64Array(frames);
  let sum = 0;
  for (let t = frames - 1; t >= 0; t--) {
    sum += byTop[t + 1]!;
    gradient[t] = sum / scale;
  }
  return gradient;
}
