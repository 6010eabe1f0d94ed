/** The sampling matrix of a training step, for each sampler that has weights (docs/das.md sections 3, 4 and 7). */
import { emitScale, emitSlice } from '../graph/emit.ts';
import type { Value } from '../graph/graph.ts';
import { add, scale } from '../graph/ops/arithmetic.ts';
import { choiceLogLikelihood, sampleWithoutReplacement } from '../graph/ops/selection.ts';
import { concat, sum } from '../graph/ops/shaping.ts';
import type { Tape } from '../graph/tape.ts';
import { PLACE_COUNT, SEEN_COUNT, placeCodes } from '../samplers/adpsInputs.ts';
import { ADPS_STATE, type AdpsMemory, adpsSampler } from './adpsSampler.ts';
import { type SamplerSpec, dasSampler } from './dasSampler.ts';
import { type DpsSpec, constantTemperature, dpsChoice, repeatRow } from './dpsSampler.ts';
import type { SamplerWidths } from './inferenceGraphs.ts';
import type { ParameterSource } from './parameters.ts';
import { slotCodes } from './slotCodes.ts';

export interface DasChoiceSpec extends SamplerSpec {
  readonly kind: 'das';
  /** Size of the Gumbel noise, above 0. */
  readonly noise: number;
  readonly widths: SamplerWidths;
}

export interface AdpsSpec {
  readonly kind: 'adps';
  readonly tau0: number;
  readonly noise: number;
  /** Frames taken in each round; they add up to k. */
  readonly rounds: readonly number[];
}

export type LearnedSamplerSpec = DasChoiceSpec | DpsSpec | AdpsSpec;

export interface ChoiceShape {
  readonly batch: number;
  /** T and k. */
  readonly frames: number;
  readonly slots: number;
}

/** Added to the logits of frames that earlier rounds took; finite, as in the original. */
const TAKEN = -1000;

/** How a training step chose. */
export interface SampledChoice {
  /** P [B, k, T]. */
  readonly choice: Value;
  /** ln P of the choice under the noise, [B, 1, 1]. */
  readonly logLikelihood: Value;
}

/**
 * P [B, k, T], rows one-hot and distinct going forward, soft going back. Graph inputs, besides the weights: for DAS
 * `perFrame` [B, T, d], `pooled` [B, 1, p], `anchor` [B, 1, T] and `noise` [B, k, T]; for DPS `noise` [B, 1, T]; for
 * A-DPS `seen` [B, T, 256] and `noise` [B, rounds, T].
 */
export function sampledChoice(
  tape: Tape,
  source: ParameterSource,
  shape: ChoiceShape,
  spec: LearnedSamplerSpec,
): SampledChoice {
  const { batch, frames, slots } = shape;
  const noise = (rows: number): Value => tape.graph.input('noise', [batch, rows, frames]);
  if (spec.kind === 'das') return dasChoice(tape, source, shape, noise(slots), spec);
  return spec.kind === 'dps'
    ? dpsChoice(tape, source, shape, noise(1), spec)
    : adpsChoice(tape, source, shape, noise(spec.rounds.length), spec);
}

function dasChoice(
  tape: Tape,
  source: ParameterSource,
  { batch, frames, slots }: ChoiceShape,
  noise: Value,
  spec: DasChoiceSpec,
): SampledChoice {
  const { graph } = tape;
  const { logits, temperature } = dasSampler(
    tape,
    source,
    {
      perFrame: graph.input('perFrame', [batch, frames, spec.widths.perFrame]),
      pooled: graph.input('pooled', [batch, 1, spec.widths.pooled]),
      anchor: graph.input('anchor', [batch, 1, frames]),
      slots: graph.constant(slotCodes(slots), [slots, 1]),
    },
    spec,
  );
  const choice = sampleWithoutReplacement(tape, add(tape, logits, noise), temperature);
  return { choice, logLikelihood: choiceLogLikelihood(tape, choice, logits, spec.noise) };
}

/**
 * Round by round. The frames taken reach the encoder through the sampling matrix, so gradients flow back through what
 * was seen; the mask is a plain number.
 */
function adpsChoice(
  tape: Tape,
  source: ParameterSource,
  { batch, frames }: ChoiceShape,
  noise: Value,
  { rounds, tau0, noise: noiseSize }: AdpsSpec,
): SampledChoice {
  const { graph } = tape;
  const zeros = (width: number): Value => graph.constant(new Float32Array(batch * width), [batch, 1, width]);
  const step = adpsSampler(tape, source, {
    seen: graph.input('seen', [batch, frames, SEEN_COUNT]),
    places: graph.constant(placeCodes(frames), [frames, PLACE_COUNT]),
  });
  const temperature = constantTemperature(tape, batch, tau0);
  let memory: AdpsMemory = { share: zeros(frames), hidden: zeros(ADPS_STATE), cell: zeros(ADPS_STATE) };
  let taken = zeros(frames);
  let count = 0;
  const choices: Value[] = [];
  const logLikelihoods: Value[] = [];
  for (const [round, size] of rounds.entries()) {
    const { logits, hidden, cell } = step(memory);
    const draw = emitSlice(graph, noise, [{ axis: 1, from: round, to: round + 1 }], [batch, 1, frames]);
    const masked = repeatRow(tape, add(tape, logits, emitScale(graph, taken, TAKEN)), size);
    const choice = sampleWithoutReplacement(tape, add(tape, masked, draw), temperature);
    choices.push(choice);
    logLikelihoods.push(choiceLogLikelihood(tape, choice, masked, noiseSize));
    taken = add(tape, taken, sum(tape, choice, 1));
    count += size;
    memory = { share: scale(tape, taken, 1 / count), hidden, cell };
  }
  return {
    choice: concat(tape, choices, 1),
    logLikelihood: logLikelihoods.reduce((total, part) => add(tape, total, part)),
  };
}
