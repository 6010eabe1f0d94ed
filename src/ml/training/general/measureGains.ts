import { GENERAL_SPEC } from './generalProtocol.ts';
import type { Card } from '../../../contract/card.ts';
import { descend } from '../../samplers/descend.ts';
import { pickFrames } from '../../samplers/pickFrames.ts';
import { selectionCost } from '../../samplers/rebuildCosts.ts';
import type { ScoreGraph } from '../../samplers/scoreGraph.ts';
import { selectSystematic } from '../../samplers/selectSystematic.ts';
import type { RebuildTask } from './rebuildTask.ts';

/** Figures of one series at one ratio; errors are shares of its variance, gains over uniform, 1 at the optimum. */
export interface MeasuredGain {
  source: string;
  name: string;
  frames: number;
  k: number;
  ratio: number;
  error: number;
  uniform: number;
  optimal: number;
  /** Of coordinate descent from the proposal, guarded: what series of more than 1,000 frames get. */
  gain: number;
  /** Of the learned density alone. */
  proposalGain: number;
  /** Of the rule curvature^{2/5}. */
  ruleGain: number;
}

const PICKING = { base: GENERAL_SPEC.base, sampling: 'systematic' } as const;

/** Measures a sampler graph on one series, at every ratio with something to win. */
export async function measureGains(task: RebuildTask, score: ScoreGraph): Promise<MeasuredGain[]> {
  const { source, name, inputs, costs, targets } = task;
  const rule = Float64Array.from(inputs.anchor, Math.exp);
  const errorOf = (selection: Int32Array): number => selectionCost(costs, selection) / costs.total;
  const rows: MeasuredGain[] = [];
  for (const { ratio, k, uniform, optimal } of targets) {
    const proposal = pickFrames(PICKING, await score(inputs, k), k).indices;
    const error = Math.min(uniform, errorOf(descend(costs, proposal)));
    const gainOf = (reached: number): number => (uniform - reached) / (uniform - optimal);
    rows.push({
      source,
      name,
      frames: costs.frames,
      k,
      ratio,
      error,
      uniform,
      optimal,
      gain: gainOf(error),
      proposalGain: gainOf(errorOf(proposal)),
      ruleGain: gainOf(errorOf(selectSystematic(rule, k).indices)),
    });
  }
  return rows;
}

export type RebuildMetrics = Extract<Card['metrics'], { kind: 'rebuild' }>;

/** The table of the card: every series, and a summary for each ratio. */
export function rebuildMetrics(rows: readonly MeasuredGain[]): RebuildMetrics {
  const ratios = [...new Set(rows.map(({ ratio }) => ratio))].sort((a, b) => a - b);
  return {
    kind: 'rebuild',
    series: rows.map(cardRow),
    summary: ratios.map((ratio) =>
      summaryOf(
        ratio,
        rows.filter((row) => row.ratio === ratio),
      ),
    ),
  };
}

function cardRow(row: MeasuredGain): RebuildMetrics['series'][number] {
  const { source, name, frames, k, ratio, error, uniform, optimal, gain, proposalGain } = row;
  return { source, name, frames, k, ratio, error, uniform, optimal, gain, proposalGain };
}

function summaryOf(ratio: number, rows: readonly MeasuredGain[]): RebuildMetrics['summary'][number] {
  const gains = rows.map(({ gain }) => gain);
  const proposals = rows.map(({ proposalGain }) => proposalGain);
  return {
    ratio,
    series: rows.length,
    medianGain: quantile(gains, 0.5),
    minimumGain: quantile(gains, 0),
    medianProposalGain: quantile(proposals, 0.5),
    tenthPercentileProposalGain: quantile(proposals, 0.1),
    medianRuleGain: quantile(
      rows.map(({ ruleGain }) => ruleGain),
      0.5,
    ),
  };
}

/** Linear between the sorted values; null without values. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low === undefined || high === undefined ? null : low + (place - Math.floor(place)) * (high - low);
}
