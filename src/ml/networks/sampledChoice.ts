/** The sampling matrix of a training step, for each sampler that has weights (docs/das.md sections 3, 4 and 7). */
import { emitBinary, emitScale, emitSlice } from '../graph/emit.ts';
import type { Value } from '../graph/graph.ts';
import { add, multiply, scale } from '../graph/ops/arithmetic.ts';
import { sampleWithoutReplacement } from '../graph/ops/selection.ts';
import { concat, sum } from '../graph/ops/shaping.ts';
import type { Tape } from '../graph/tape.ts';
import { PLACE_COUNT, SEEN_COUNT, placeCodes } from '../samplers/adpsInputs.ts';
import { ADPS_STATE, type AdpsMemory, adpsSampler } from './adpsSampler.ts';
import { type SamplerSpec, dasSampler } from './dasSampler.ts';
import { dpsChoice, repeatRow } from './dpsSampler.ts';
import type { SamplerWidths } from './inferenceGraphs.ts';
import type { ParameterSource } from './parameters.ts';
import { slotCodes } from './slotCodes.ts';

export interface DasChoiceSpec extends SamplerSpec {
  readonly kind: 'das';
  readonly widths: SamplerWidths;
}

export interface DpsSpec {
  readonly kind: 'dps';
  readonly tau0: number;
}

export interface AdpsSpec {
  readonly kind: 'adps';
  readonly tau0: number;
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

/**
 * P [B, k, T], rows one-hot and distinct going forward, soft going back. Graph inputs, besides the weights: `heat`
 * [B, 1, 1], which multiplies the temperature of a series; for DAS `perFrame` [B, T, d], `pooled` [B, 1, p], `anchor`
 * [B, 1, T] and `noise` [B, k, T]; for DPS `noise` [B, 1, T]; for A-DPS `seen` [B, T, 256] and `noise` [B, rounds, T].
 */
export function sampledChoice(
  tape: Tape,
  source: ParameterSource,
  shape: ChoiceShape,
  spec: LearnedSamplerSpec,
): Value {
  const { batch, frames, slots } = shape;
  const heat = tape.graph.input('heat', [batch, 1, 1]);
  const noise = (rows: number): Value => tape.graph.input('noise', [batch, rows, frames]);
  if (spec.kind === 'das') return dasChoice(tape, source, shape, { heat, noise: noise(slots) }, spec);
  const temperature = emitScale(tape.graph, heat, spec.tau0);
  return spec.kind === 'dps'
    ? dpsChoice(tape, source, shape, { temperature, noise: noise(1) })
    : adpsChoice(tape, source, shape, { temperature, noise: noise(spec.rounds.length) }, spec);
}

function dasChoice(
  tape: Tape,
  source: ParameterSource,
  { batch, frames, slots }: ChoiceShape,
  { heat, noise }: { heat: Value; noise: Value },
  spec: DasChoiceSpec,
): Value {
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
  return sampleWithoutReplacement(tape, add(tape, logits, noise), multiply(tape, temperature, heat));
}

/**
 * Round by round. The frames taken reach the encoder through the sampling matrix, so gradients flow back through what
 * was seen; the mask is a plain number.
 */
function adpsChoice(
  tape: Tape,
  source: ParameterSource,
  { batch, frames }: ChoiceShape,
  { temperature, noise }: { temperature: Value; noise: Value },
  { rounds }: AdpsSpec,
): Value {
  const { graph } = tape;
  const zeros = (width: number): Value => graph.constant(new Float32Array(batch * width), [batch, 1, width]);
  const step = adpsSampler(tape, source, {
    seen: graph.input('seen', [batch, frames, SEEN_COUNT]),
    places: graph.constant(placeCodes(frames), [frames, PLACE_COUNT]),
  });
  let memory: AdpsMemory = { share: zeros(frames), hidden: zeros(ADPS_STATE), cell: zeros(ADPS_STATE) };
  let taken = zeros(frames);
  let count = 0;
  const choices: Value[] = [];
  for (const [round, size] of rounds.entries()) {
    const { logits, hidden, cell } = step(memory);
    const draw = emitSlice(graph, noise, [{ axis: 1, from: round, to: round + 1 }], [batch, 1, frames]);
    const offset = emitBinary(graph, 'Add', draw, emitScale(graph, taken, TAKEN));
    const row = repeatRow(tape, add(tape, logits, offset), size);
    const choice = sampleWithoutReplacement(tape, row, temperature);
    choices.push(choice);
    taken = add(tape, taken, sum(tape, choice, 1));
    count += size;
    memory = { share: scale(tape, taken, 1 / count), hidden, cell };
  }
  return concat(tape, choices, 1);
}
