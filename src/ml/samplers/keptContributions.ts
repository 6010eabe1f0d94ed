import type { RebuildCosts } from './rebuildCosts.ts';

/** Per kept frame: how much the rebuild error grows, as a share of the variance, when that frame alone is left out. */
export function keptContributions(costs: RebuildCosts, selection: Int32Array): Float32Array {
  const { frames, between, head, tail, total } = costs;
  const last = selection.length - 1;
  const segment = (from: number | undefined, to: number | undefined): number => {
    if (from === undefined) return to === undefined ? total : head[to]!;
    return to === undefined ? tail[from]! : between[to * frames + from]!;
  };
  return Float32Array.from(selection, (frame, slot) => {
    const before = slot > 0 ? selection[slot - 1] : undefined;
    const after = slot < last ? selection[slot + 1] : undefined;
    const growth = segment(before, after) - segment(before, frame) - segment(frame, after);
    return total > 0 ? growth / total : 0;
  });
}
