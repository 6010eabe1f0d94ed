import { decodeSelection } from '../training/runMetrics.ts';
import type { ReportedRun } from './reportedRun.ts';

/**
 * Mean share of the frames kept by one seed that another keeps too, over all pairs of seeds and all series; null with
 * fewer than two seeds, or where every frame is kept.
 */
export function seedOverlap(runs: readonly ReportedRun[]): number | null {
  const selections = runs.map(({ selected }) => selected?.map(decodeSelection) ?? null);
  const known = selections.filter((selection) => selection !== null);
  if (known.length < 2 || known.length < selections.length) return null;
  const shares = known.flatMap((a, i) =>
    known.slice(i + 1).flatMap((b) =>
      a.map((frames, series) => {
        const other = new Set(b[series]);
        return frames.filter((frame) => other.has(frame)).length / Math.max(1, frames.length);
      }),
    ),
  );
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
