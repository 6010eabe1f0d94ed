/** DPS-topK (Huijben, Veeling, van Sloun, ICLR 2020): one trained distribution over the frames, whatever the series. */
import type { Value } from '../graph/graph.ts';
import { add } from '../graph/ops/arithmetic.ts';
import { choiceLogLikelihood, sampleWithoutReplacement } from '../graph/ops/selection.ts';
import type { Tape } from '../graph/tape.ts';
import { type ChoiceShape, type SampledChoice, constantTemperature, repeatRow } from './choice.ts';
import { type ParameterSource, normal } from './parameters.ts';

export const DPS_LOGITS = 'dps/logits';

export interface DpsSpec {
  readonly kind: 'dps';
  readonly tau0: number;
  /** Size of the Gumbel noise, above 0. */
  readonly noise: number;
}

/** The k largest of φ + G. @param noise G [B, 1, T]: one draw for all slots. */
export function dpsChoice(
  tape: Tape,
  source: ParameterSource,
  { batch, slots, frames }: ChoiceShape,
  noise: Value,
  { tau0, noise: noiseSize }: DpsSpec,
): SampledChoice {
  // The published code starts at a standard normal over the compression T/k.
  const logits = source.parameter(DPS_LOGITS, [1, frames], normal(slots / frames));
  const batched = add(tape, logits, tape.graph.constant(new Float32Array(batch), [batch, 1, 1]));
  const rows = repeatRow(tape, batched, slots);
  const temperature = constantTemperature(tape, batch, tau0);
  const choice = sampleWithoutReplacement(tape, add(tape, rows, noise), temperature);
  return { choice, logLikelihood: choiceLogLikelihood(tape, choice, rows, noiseSize) };
}
