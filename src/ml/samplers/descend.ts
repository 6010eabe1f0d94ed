import type { RebuildCosts } from './rebuildCosts.ts';

/** Far more sweeps than any series has needed: a bound, not a setting. */
const MAX_SWEEPS = 200;
/** A move must gain more than rounding could. */
const WORTHWHILE = 1e-12;

/** Coordinate descent: each kept frame moves to where the error is least between its neighbours, until none moves. */
export function descend(costs: RebuildCosts, start: Int32Array): Int32Array {
  const { frames, between, head, tail, total } = costs;
  const selection = Int32Array.from(start);
  const last = selection.length - 1;
  for (let sweep = 0, moved = true; moved && sweep < MAX_SWEEPS; sweep++) {
    moved = false;
    for (let slot = 0; slot <= last; slot++) {
      const before = slot > 0 ? selection[slot - 1]! : -1;
      const after = slot < last ? selection[slot + 1]! : frames;
      const costAt = (t: number): number =>
        (before < 0 ? head[t]! : between[t * frames + before]!) +
        (after === frames ? tail[t]! : between[after * frames + t]!);
      let best = selection[slot]!;
      let least = costAt(best) - WORTHWHILE * total;
      for (let t = before + 1; t < after; t++) {
        const cost = costAt(t);
        if (cost >= least) continue;
        best = t;
        least = cost;
      }
      moved ||= best !== selection[slot];
      selection[slot] = best;
    }
  }
  return selection;
}
