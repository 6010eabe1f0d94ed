import type { Card } from '../../../contract/card.ts';
import { descend } from '../../samplers/descend.ts';
import { pickFrames } from '../../samplers/pickFrames.ts';
import { EXACT_FRAMES, guarded } from '../../samplers/polish.ts';
import type { ScoreGraph } from '../../samplers/scoreGraph.ts';
import { selectRandom } from '../../samplers/selectRandom.ts';
import { curvatureRule, farthestPoint } from './baselineSelections.ts';
import { GENERAL_SPEC } from './generalProtocol.ts';
import {
  errorShare,
  MIN_DIFFERENCE,
  rebuildInputs,
  type RebuildTarget,
  type RebuildTask,
} from './rebuildTask.ts';

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
/** Random sampling is the mean over as many draws. */
const RANDOM_DRAWS = 20;

/** Rebuild errors of every way to keep k frames, as shares of the series' variance. */
export interface RebuildErrors {
  /** What a person gets: the proposal after polish and guard. */
  result: number;
  /** Coordinate descent from the proposal, guarded: the polish of more than 1,000 frames. */
  descent: number;
  /** The learned density alone. */
  proposal: number;
  uniform: number;
  optimal: number;
  /** The rule curvature^{2/5}. */
  rule: number;
  farthest: number;
  random: number;
}

export type MeasuredSeries = Pick<RebuildTask, 'costs' | 'features'>;

/** Measures a sampler graph and what needs no learning on one series, k frames kept. */
export async function rebuildErrors(
  { costs, features }: MeasuredSeries,
  { k, uniform, optimal }: Pick<RebuildTarget, 'k' | 'uniform' | 'optimal'>,
  score: ScoreGraph,
): Promise<RebuildErrors> {
  const { frames } = costs;
  const errorOf = (selection: Int32Array): number => errorShare(costs, selection);
  const proposal = pickFrames(PICKING, await score(rebuildInputs(features, k), k), k).indices;
  const descent = errorOf(guarded(costs, descend(costs, proposal)));
  const draws = Array.from({ length: RANDOM_DRAWS }, (_, seed) => errorOf(selectRandom(frames, k, seed)));
  return {
    result: frames <= EXACT_FRAMES ? Math.min(uniform, optimal) : descent,
    descent,
    proposal: errorOf(proposal),
    uniform,
    optimal,
    rule: errorOf(curvatureRule(features, k)),
    farthest: errorOf(farthestPoint(features, k)),
    random: draws.reduce((sum, error) => sum + error, 0) / RANDOM_DRAWS,
  };
}

/** Share of what can be won over uniform: 0 at uniform, 1 at the optimum; null where there is nothing to win. */
export function gainOf(
  { uniform, optimal }: Pick<RebuildErrors, 'uniform' | 'optimal'>,
  error: number,
): number | null {
  return uniform - optimal < MIN_DIFFERENCE ? null : (uniform - error) / (uniform - optimal);
}

/** Measures a sampler graph on one series, at every ratio with something to win. */
export async function measureGains(task: RebuildTask, score: ScoreGraph): Promise<MeasuredGain[]> {
  const { source, name, costs, targets } = task;
  const rows: MeasuredGain[] = [];
  for (const target of targets) {
    const errors = await rebuildErrors(task, target, score);
    const { descent, uniform, optimal } = errors;
    const gain = (error: number): number => (uniform - error) / (uniform - optimal);
    rows.push({
      source,
      name,
      frames: costs.frames,
      k: target.k,
      ratio: target.ratio,
      error: descent,
      uniform,
      optimal,
      gain: gain(descent),
      proposalGain: gain(errors.proposal),
      ruleGain: gain(errors.rule),
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
