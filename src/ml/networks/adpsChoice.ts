import { emitScale, emitSlice } from '../graph/emit.ts';
import type { Value } from '../graph/graph.ts';
import { add, scale } from '../graph/ops/arithmetic.ts';
import { choiceLogLikelihood, sampleWithoutReplacement } from '../graph/ops/selection.ts';
import { concat, sum } from '../graph/ops/shaping.ts';
import type { Tape } from '../graph/tape.ts';
import { PLACE_COUNT, SEEN_COUNT, placeCodes } from '../samplers/adpsInputs.ts';
import { ADPS_STATE, type AdpsMemory, adpsSampler } from './adpsSampler.ts';
import { type ChoiceShape, type SampledChoice, constantTemperature, repeatRow } from './choice.ts';
import type { ParameterSource } from './parameters.ts';

export interface AdpsSpec {
  readonly kind: 'adps';
  readonly tau0: number;
  readonly noise: number;
  /** Frames taken in each round; they add up to k. */
  readonly rounds: readonly number[];
}

/** Added to the logits of frames that earlier rounds took; finite, as in the original. */
const TAKEN = -1000;

/**
 * Round by round, each with a draw of its own. The frames taken reach the encoder through the sampling matrix, so gradients flow back through what
 * was seen; the mask is a plain number.
 */
export function adpsChoice(
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
