import { POOLED_COUNT } from '../../contract/card.ts';
import { FEATURE_COUNT } from '../../contract/sampling.ts';
import type { SamplerSpec, SamplerWidths } from '../networks/dasSampler.ts';
import type { ClassifierSpec } from '../networks/inferenceGraphs.ts';
import type { LearnedSamplerSpec } from '../networks/sampledChoice.ts';
import type { TrainingSpec } from '../networks/trainingGraph.ts';
import { roundSizes } from '../samplers/takeRounds.ts';
import { slotsFor } from './chooseFrames.ts';
import type { RunConfig } from './runFolder.ts';

/** Widths of the context without position (docs/das.md section 2). */
export const CONTEXT_WIDTHS: SamplerWidths = { perFrame: 3 * FEATURE_COUNT, pooled: POOLED_COUNT };

/** What is trained, as the networks describe themselves. */
export function classifierSpec({ rows, columns, data, protocol }: RunConfig): ClassifierSpec {
  return {
    channels: 1,
    height: rows,
    width: columns,
    classes: data.classes.length,
    stemStride: protocol.stemStride,
  };
}

export function samplerSpec({ protocol }: RunConfig): SamplerSpec {
  const { base, features, heads, tau0 } = protocol;
  return { base, features, heads, tau0 };
}

/** Frames that the classifier gets of each series: those kept, or the one that `average` makes of all. */
export function classifiedFrames({ sampler, ratio, frames }: RunConfig): number {
  return sampler === 'average' ? 1 : slotsFor(sampler, ratio, frames);
}

export function trainingSpec(config: RunConfig): TrainingSpec {
  const slots = classifiedFrames(config);
  return {
    batch: config.protocol.batch,
    frames: config.frames,
    slots,
    classifier: classifierSpec(config),
    sampler: learnedSpec(config, slots),
    scoreWeight: config.protocol.scoreWeight,
  };
}

function learnedSpec(config: RunConfig, slots: number): LearnedSamplerSpec | null {
  const { tau0, noise, rounds, sampling } = config.protocol;
  if (config.sampler === 'das')
    return { kind: 'das', noise, sampling, ...samplerSpec(config), widths: CONTEXT_WIDTHS };
  if (config.sampler === 'dps') return { kind: 'dps', noise, tau0 };
  return config.sampler === 'adps' ? { kind: 'adps', noise, tau0, rounds: roundSizes(rounds, slots) } : null;
}
