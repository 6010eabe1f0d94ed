/** The sampling matrix of a training step, for each sampler that has weights (docs/das.md sections 3, 4 and 7). */
import type { Value } from '../graph/graph.ts';
import type { Tape } from '../graph/tape.ts';
import { type AdpsSpec, adpsChoice } from './adpsChoice.ts';
import type { ChoiceShape, NetworkParts, SampledChoice } from './choice.ts';
import { type DasChoiceSpec, dasChoice } from './dasChoice.ts';
import { type DpsSpec, dpsChoice } from './dpsSampler.ts';

export type LearnedSamplerSpec = DasChoiceSpec | DpsSpec | AdpsSpec;

/**
 * P [B, k, T], rows one-hot and distinct going forward, soft going back. Graph inputs, besides the weights: for DAS
 * those of `dasChoice` and what it reads of the series, `perFrame` [B, T, d], `thumbnails` [3, B·T, 32, 32], `pooled`
 * [B, 1, p], `anchor` [B, 1, T]; for DPS `noise` [B, 1, T]; for A-DPS `seen` [B, T, 256] and `noise` [B, rounds, T].
 */
export function sampledChoice(
  tape: Tape,
  parts: NetworkParts,
  shape: ChoiceShape,
  spec: LearnedSamplerSpec,
): SampledChoice {
  const { batch, frames } = shape;
  const noise = (rows: number): Value => tape.graph.input('noise', [batch, rows, frames]);
  if (spec.kind === 'das') return dasChoice(tape, parts, shape, spec);
  return spec.kind === 'dps'
    ? dpsChoice(tape, parts.source, shape, noise(1), spec)
    : adpsChoice(tape, parts.source, shape, noise(spec.rounds.length), spec);
}
