import { descend } from './descend.ts';
import { selectionCost, type RebuildCosts } from './rebuildCosts.ts';
import { selectUniform } from './selectUniform.ts';

/** Room for rounding, so that the best known selection itself is never skipped. */
const SLACK = 1e-9;

/**
 * The k frames of least rebuild error, by dynamic programming over segments (docs/das.md section 8). Exact: what is
 * skipped cannot be part of a selection that is better than the best known one.
 */
export function optimalSelection(costs: RebuildCosts, k: number): Int32Array {
  const { frames, between, head, tail, total } = costs;
  const known = selectionCost(costs, descend(costs, selectUniform(frames, k)));
  const bound = known * (1 + SLACK) + total * SLACK;
  const floor = prefixMinima(between, frames);
  const back = new Int32Array(k * frames);
  let best = Float64Array.from(head, (cost) => (cost > bound ? Infinity : cost));
  for (let slot = 1; slot < k; slot++) {
    const next = new Float64Array(frames).fill(Infinity);
    const leastBefore = runningMinimum(best);
    // Each of the k − 1 − slot frames to come needs a place of its own, as did those before.
    for (let j = slot; j <= frames - k + slot; j++) {
      const row = j * frames;
      let least = bound;
      let from = -1;
      for (let i = j - 1; i >= slot - 1; i--) {
        // No start at i or before it can do better.
        if (leastBefore[i]! + floor[row + i]! > least) break;
        const cost = best[i]! + between[row + i]!;
        if (cost > least) continue;
        least = cost;
        from = i;
      }
      if (from < 0) continue;
      next[j] = least;
      back[slot * frames + j] = from;
    }
    best = next;
  }
  return traceBack(best, tail, back, k);
}

/** At [j · T + i]: the least cost of a segment that ends at j and starts at i or before. */
function prefixMinima(between: Float64Array, frames: number): Float64Array {
  const minima = new Float64Array(between.length);
  for (let j = 1; j < frames; j++) {
    let least = Infinity;
    for (let i = 0; i < j; i++) {
      least = Math.min(least, between[j * frames + i]!);
      minima[j * frames + i] = least;
    }
  }
  return minima;
}

function runningMinimum(values: Float64Array): Float64Array {
  let least = Infinity;
  return values.map((value) => (least = Math.min(least, value)));
}

function traceBack(best: Float64Array, tail: Float64Array, back: Int32Array, k: number): Int32Array {
  const frames = best.length;
  let frame = k - 1;
  for (let j = k - 1; j < frames; j++) {
    if (best[j]! + tail[j]! < best[frame]! + tail[frame]!) frame = j;
  }
  const selection = new Int32Array(k);
  for (let slot = k - 1; slot >= 0; slot--) {
    selection[slot] = frame;
    frame = back[slot * frames + frame]!;
  }
  return selection;
}
