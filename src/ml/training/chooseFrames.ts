import { type PickConfig, densityOf, pickFrames } from '../samplers/pickFrames.ts';
import type { ScoreGraph } from '../samplers/scoreGraph.ts';
import { selectSystematic } from '../samplers/selectSystematic.ts';
import { selectTopK } from '../samplers/selectTopK.ts';
import { selectUniform } from '../samplers/selectUniform.ts';
import { placeCodes } from '../samplers/adpsInputs.ts';
import type { ActiveParts } from '../samplers/activeSampler.ts';
import { type NextLogits, roundSizes, takeRounds } from '../samplers/takeRounds.ts';
import { seededRandom } from '../seededRandom.ts';
import type { PreparedSeries } from './prepareVolumes.ts';

/** Samplers with weights of their own. */
export const LEARNED_SAMPLERS = ['das', 'dps', 'adps'] as const;
export type LearnedSampler = (typeof LEARNED_SAMPLERS)[number];

/** What is trained and compared under one protocol; `average` classifies the mean of all frames (docs/adr/0012). */
export const TRAINED_SAMPLERS = [
  ...LEARNED_SAMPLERS,
  'full',
  'uniform',
  'random',
  'variance',
  'average',
] as const;
export type TrainedSampler = (typeof TRAINED_SAMPLERS)[number];
export type FixedSampler = Exclude<TrainedSampler, LearnedSampler>;

export function isLearned(sampler: TrainedSampler): sampler is LearnedSampler {
  return LEARNED_SAMPLERS.some((name) => name === sampler);
}

/** Frames that a sampler keeps: all of them for `full` and `average`, else max(1, ⌊ratio·T + ½⌋). */
export function slotsFor(sampler: TrainedSampler, ratio: number, frames: number): number {
  if (sampler === 'full' || sampler === 'average') return frames;
  return Math.min(frames, Math.max(1, Math.floor(ratio * frames + 0.5)));
}

/** Frames of the samplers without weights, ascending. @param seed of this draw; only `random` uses it. */
export function fixedChoice(
  sampler: FixedSampler,
  { variance }: Pick<PreparedSeries, 'variance'>,
  slots: number,
  seed: number,
): Int32Array {
  if (sampler === 'uniform') return selectUniform(variance.length, slots);
  if (sampler === 'variance') return selectTopK(variance, slots).indices;
  if (sampler === 'random') return selectTopK(Float32Array.from(variance, seededRandom(seed)), slots).indices;
  return Int32Array.from(variance, (_, t) => t);
}

/** Drawn as in training: a Gumbel number for every logit, and where systematic sampling starts. */
export interface Draws {
  readonly gumbel: () => number;
  readonly start: () => number;
}

/** Null: the choice as it ships. */
export type Noise = Draws | null;

/** Frames to keep of a series, ascending. @param index of the series in its split: seeds `random`. */
export type Chooser = (series: PreparedSeries, index: number, noise: Noise) => Promise<Int32Array>;

export function fixedChooser(sampler: FixedSampler, slots: number): Chooser {
  return (series, index) => Promise.resolve(fixedChoice(sampler, series, slots, index));
}

export function dasChooser(config: PickConfig, scores: ScoreGraph, slots: number): Chooser {
  return async (series, _, noise) => {
    const outputs = await scores(series, slots);
    if (noise === null) return pickFrames(config, outputs, slots).indices;
    if (config.sampling === 'systematic')
      return selectSystematic(densityOf(outputs), slots, noise.start()).indices;
    const frames = series.anchor.length;
    const noisy = noisyLogits(outputs.logits, noise);
    let slot = 0;
    const nextRow: NextLogits = () => Promise.resolve(noisy.subarray(frames * slot, frames * ++slot));
    return (await takeRounds(frames, roundSizes('each', slots), nextRow)).indices;
  };
}

export function dpsChooser(logits: Float32Array, slots: number): Chooser {
  return (_, __, noise) => Promise.resolve(selectTopK(noisyLogits(logits, noise), slots).indices);
}

export function adpsChooser(
  { start, rounds }: Pick<ActiveParts, 'start' | 'rounds'>,
  slots: number,
): Chooser {
  return async ({ seen, anchor }, _, noise) => {
    const frames = anchor.length;
    const nextLogits = start({ seen, places: placeCodes(frames) });
    const next: NextLogits = async (share) => noisyLogits(await nextLogits(share), noise);
    return (await takeRounds(frames, roundSizes(rounds, slots), next)).indices;
  };
}

function noisyLogits(logits: Float32Array, noise: Noise): Float32Array {
  return noise === null ? logits : logits.map((value) => value + noise.gumbel());
}
