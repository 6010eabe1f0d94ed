import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { Value } from '../graph/graph.ts';
import { add, divide, scale } from '../graph/ops/arithmetic.ts';
import { softplus } from '../graph/ops/activations.ts';
import { choiceLogLikelihood, sampleWithoutReplacement } from '../graph/ops/selection.ts';
import { mean, reshape } from '../graph/ops/shaping.ts';
import { sampleSystematically } from '../graph/ops/systematic.ts';
import type { Tape } from '../graph/tape.ts';
import { THUMBNAIL_CHANNELS } from '../samplers/thumbnailInputs.ts';
import type { ChoiceShape, NetworkParts, SampledChoice } from './choice.ts';
import { type SamplerOutputs, type SamplerSpec, type SamplerWidths, dasSampler } from './dasSampler.ts';
import { frameInput } from './frameInput.ts';
import { slotCodes } from './slotCodes.ts';
import { LEARNED_FEATURES, thumbnailFeatures } from './thumbnailFeatures.ts';

export interface DasChoiceSpec extends SamplerSpec {
  readonly kind: 'das';
  /** Size of the Gumbel noise, above 0. */
  readonly noise: number;
  readonly sampling: 'topk' | 'systematic';
  readonly widths: SamplerWidths;
}

/**
 * `topk`: the slots take frames one after the other by A + G, with `noise` G [B, k, T]. `systematic`: as the density
 * adds up, from `start` [B, 1, 1] in (0, 1) on; how likely such a choice is says nothing of one frame, so there is no
 * likelihood.
 */
export function dasChoice(
  tape: Tape,
  parts: NetworkParts,
  shape: ChoiceShape,
  spec: DasChoiceSpec,
): SampledChoice {
  const { batch, frames, slots } = shape;
  const { base, logits, temperature } = scoresOf(tape, parts, shape, spec);
  if (spec.sampling === 'systematic') {
    const start = tape.graph.input('start', [batch, 1, 1]);
    const density = softplus(tape, divide(tape, base, temperature));
    // The scales of the slots have no say in a density: they stay as they began, with gradients of 0.
    const still = scale(tape, mean(tape, logits, 1), 0);
    const choice = sampleSystematically(tape, add(tape, density, still), start, slots);
    return { choice, logLikelihood: null };
  }
  const noise = tape.graph.input('noise', [batch, slots, frames]);
  const choice = sampleWithoutReplacement(tape, add(tape, logits, noise), temperature);
  return { choice, logLikelihood: choiceLogLikelihood(tape, choice, logits, spec.noise) };
}

function scoresOf(
  tape: Tape,
  { source, layers }: NetworkParts,
  { batch, frames, slots }: ChoiceShape,
  spec: DasChoiceSpec,
): SamplerOutputs {
  const { graph } = tape;
  const learned = (): Value => {
    const size = [THUMBNAIL_CHANNELS, batch * frames, THUMBNAIL_SIZE, THUMBNAIL_SIZE];
    const rows = thumbnailFeatures(layers, graph.input('thumbnails', size));
    return reshape(tape, rows, [batch, frames, LEARNED_FEATURES]);
  };
  return dasSampler(
    tape,
    source,
    {
      perFrame: frameInput(tape, spec.features, {
        handcrafted: () => graph.input('perFrame', [batch, frames, spec.widths.perFrame]),
        learned,
      }),
      pooled: graph.input('pooled', [batch, 1, spec.widths.pooled]),
      anchor: graph.input('anchor', [batch, 1, frames]),
      slots: graph.constant(slotCodes(slots), [slots, 1]),
    },
    spec,
  );
}
