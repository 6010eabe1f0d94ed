import type { FrameFeatures } from '../../../contract/sampling.ts';
import type { FeatureKernel } from '../../features/featureKernel.ts';
import { samplerContext } from '../../samplers/context.ts';
import { gapOctave, SeriesGaps, withGapFeatures } from '../../samplers/gapFeatures.ts';
import { rebuildCosts, selectionCost, type RebuildCosts } from '../../samplers/rebuildCosts.ts';
import { RebuildOptimum } from '../../samplers/rebuildOptimum.ts';
import type { ScoreInputs } from '../../samplers/scoreGraph.ts';
import { selectUniform } from '../../samplers/selectUniform.ts';
import { GENERAL_COLUMNS } from './generalProtocol.ts';
import type { RebuildSeries } from './rebuildSeries.ts';

/** Shares of the frames that are kept, in training and in every figure. */
export const RATIOS = [0.125, 0.25, 0.5] as const;
/** Differences between uniform and optimal below this teach and say nothing (docs/das.md section 8). */
export const MIN_DIFFERENCE = 1e-6;

/** One ratio of one series: how many frames, and what can be won. Errors are shares of the series' variance. */
export interface RebuildTarget {
  readonly ratio: number;
  readonly k: number;
  readonly uniform: number;
  readonly optimal: number;
  /** The frames that the optimum keeps. */
  readonly best: Int32Array;
}

/** A series ready for training and measuring. */
export interface RebuildTask {
  readonly source: string;
  readonly name: string;
  readonly costs: RebuildCosts;
  readonly features: FrameFeatures;
  /** Only ratios with something to win. */
  readonly targets: readonly RebuildTarget[];
}

export function rebuildTask(
  { source, name, features }: RebuildSeries,
  kernel: FeatureKernel | null,
  ratios: readonly number[] = RATIOS,
): RebuildTask {
  const costs = rebuildCosts(features, kernel);
  const optimum = new RebuildOptimum(costs);
  const targets = ratios.map((ratio) => rebuildTarget(optimum, ratio));
  const worthwhile = targets.filter(({ uniform, optimal }) => uniform - optimal >= MIN_DIFFERENCE);
  return { source, name, costs, features, targets: worthwhile };
}

/** What the sampler is told of a series of which k frames are to be kept. */
export function rebuildInputs(features: FrameFeatures, k: number): ScoreInputs {
  const seen = new SeriesGaps(features).at(gapOctave(features.frames.length, k));
  const context = samplerContext(features, { features: 'handcrafted', ...GENERAL_COLUMNS });
  return withGapFeatures({ ...context, anchor: seen.anchor.values }, seen);
}

/** How many frames a share of them is, and what uniform sampling and the optimum make of as many. */
export function rebuildTarget(optimum: RebuildOptimum, ratio: number): RebuildTarget {
  const { costs } = optimum;
  const k = Math.max(1, Math.floor(ratio * costs.frames + 0.5));
  const best = optimum.select(k);
  return {
    ratio,
    k,
    uniform: errorShare(costs, selectUniform(costs.frames, k)),
    optimal: errorShare(costs, best),
    best,
  };
}

/** Rebuild error as a share of the series' variance; 0 where it has none. */
export function errorShare(costs: RebuildCosts, selection: Int32Array): number {
  return costs.total > 0 ? selectionCost(costs, selection) / costs.total : 0;
}
