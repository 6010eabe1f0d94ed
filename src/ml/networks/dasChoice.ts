import type { Value } from '../graph/graph.ts';
import { add } from '../graph/ops/arithmetic.ts';
import { choiceLogLikelihood, sampleWithoutReplacement } from '../graph/ops/selection.ts';
import type { Tape } from '../graph/tape.ts';
import type { ChoiceShape, SampledChoice } from './choice.ts';
import { type SamplerSpec, dasSampler } from './dasSampler.ts';
import type { SamplerWidths } from './inferenceGraphs.ts';
import type { ParameterSource } from './parameters.ts';
import { slotCodes } from './slotCodes.ts';

export interface DasChoiceSpec extends SamplerSpec {
  readonly kind: 'das';
  /** Size of the Gumbel noise, above 0. */
  readonly noise: number;
  readonly widths: SamplerWidths;
}

/** The slots take frames one after the other by A + G. @param noise G [B, k, T]. */
export function dasChoice(
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
