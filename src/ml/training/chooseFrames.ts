import type { Tensor } from '../engines/engine.ts';
import type { EngineSession } from '../engines/engine.ts';
import { slotCodes } from '../networks/trainingGraph.ts';
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
  series: PreparedSeries,
  slots: number,
  seed: number,
): Int32Array {
  const frames = series.anchor.length;
  if (sampler === 'full') return Int32Array.from({ length: frames }, (_, t) => t);
  if (sampler === 'uniform')
    return Int32Array.from({ length: slots }, (_, j) => Math.floor(((j + 0.5) * frames) / slots));
  if (sampler === 'variance') return largest(series.anchor, slots);
  const random = seededRandom(seed);
  return largest(Float32Array.from({ length: frames }, random), slots);
}

/** The noise-free choice of DAS: the k largest base scores of the sampler graph. */
export async function learnedChoice(
  session: EngineSession,
  series: PreparedSeries,
  slots: number,
): Promise<Int32Array> {
  const frames = series.anchor.length;
  const tensor = (data: Float32Array, dims: readonly number[]): Tensor => ({ type: 'float32', data, dims });
  const { base } = await session.run({
    perFrame: tensor(series.perFrame, [frames, series.perFrame.length / frames]),
    pooled: tensor(series.pooled, [1, series.pooled.length]),
    anchor: tensor(series.anchor, [frames]),
    slots: tensor(slotCodes(slots), [slots, 1]),
  });
  return largest(base?.data instanceof Float32Array ? base.data : series.anchor, slots);
}

/** Indices of the k largest, ascending; ties to the lower index. */
function largest(scores: Float32Array, k: number): Int32Array {
  const order = Array.from(scores, (_, t) => t).sort((a, b) => scores[b]! - scores[a]! || a - b);
  return Int32Array.from(order.slice(0, k)).sort();
}
