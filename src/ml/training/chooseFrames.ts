import type { ScoreGraph } from '../samplers/scoreGraph.ts';
import { pickFrames } from '../samplers/pickFrames.ts';
import { selectTopK } from '../samplers/selectTopK.ts';
import { selectUniform } from '../samplers/selectUniform.ts';
import { seededRandom } from '../seededRandom.ts';
import type { PreparedSeries } from './prepareVolumes.ts';

/** Samplers that are trained and compared under one protocol. */
export const TRAINED_SAMPLERS = ['das', 'full', 'uniform', 'random', 'variance'] as const;
export type TrainedSampler = (typeof TRAINED_SAMPLERS)[number];

/** Frames that the classifier gets: all of them for `full`, else max(1, ⌊ratio·T + ½⌋). */
export function slotsFor(sampler: TrainedSampler, ratio: number, frames: number): number {
  return sampler === 'full' ? frames : Math.min(frames, Math.max(1, Math.floor(ratio * frames + 0.5)));
}

/** Frames of the samplers without weights, ascending. @param seed of this draw; only `random` uses it. */
export function fixedChoice(
  sampler: Exclude<TrainedSampler, 'das'>,
  { anchor }: Pick<PreparedSeries, 'anchor'>,
  slots: number,
  seed: number,
): Int32Array {
  if (sampler === 'full') return Int32Array.from(anchor, (_, t) => t);
  if (sampler === 'uniform') return selectUniform(anchor.length, slots);
  if (sampler === 'variance') return selectTopK(anchor, slots).indices;
  return selectTopK(Float32Array.from(anchor, seededRandom(seed)), slots).indices;
}

/** The noise-free choice of a sampler. @param scores the graph of DAS; null for samplers without weights. */
export async function noiseFreeChoice(
  sampler: TrainedSampler,
  scores: ScoreGraph | null,
  series: PreparedSeries,
  slots: number,
  seed: number,
): Promise<Int32Array> {
  if (sampler !== 'das') return fixedChoice(sampler, series, slots, seed);
  if (scores === null) throw new RangeError('the sampler graph is not loaded');
  return pickFrames('topk', await scores(series, slots), slots).indices;
}
