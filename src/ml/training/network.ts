import { POOLED_COUNT } from '../../contract/card.ts';
import { FEATURE_COUNT } from '../../contract/sampling.ts';
import type { SamplerSpec } from '../networks/dasSampler.ts';
import type { ClassifierSpec, SamplerWidths } from '../networks/inferenceGraphs.ts';
import type { TrainingSpec } from '../networks/trainingGraph.ts';
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
  return { base: protocol.base, heads: protocol.heads, tau0: protocol.tau0 };
}

export function trainingSpec(config: RunConfig): TrainingSpec {
  return {
    batch: config.protocol.batch,
    frames: config.frames,
    slots: slotsFor(config.sampler, config.ratio, config.frames),
    classifier: classifierSpec(config),
    sampler: config.sampler === 'das' ? { ...samplerSpec(config), widths: CONTEXT_WIDTHS } : null,
  };
}
