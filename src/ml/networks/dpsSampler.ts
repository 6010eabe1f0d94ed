/** DPS-topK (Huijben, Veeling, van Sloun, ICLR 2020): one trained distribution over the frames, whatever the series. */
import type { Value } from '../graph/graph.ts';
import { add } from '../graph/ops/arithmetic.ts';
import { sampleWithoutReplacement } from '../graph/ops/selection.ts';
import type { Tape } from '../graph/tape.ts';
import { type ParameterSource, normal } from './parameters.ts';

export const DPS_LOGITS = 'dps/logits';

/** P [B, k, T]: the k largest of φ + G. @param noise G [B, 1, T]: one draw for all slots. */
export function dpsChoice(
  tape: Tape,
  source: ParameterSource,
  { slots, frames }: { readonly slots: number; readonly frames: number },
  { temperature, noise }: { readonly temperature: Value; readonly noise: Value },
): Value {
  // The published code starts at a standard normal over the compression T/k.
  const logits = source.parameter(DPS_LOGITS, [1, frames], normal(slots / frames));
  return sampleWithoutReplacement(tape, repeatRow(tape, add(tape, logits, noise), slots), temperature);
}

/** [B, 1, T] to [B, rows, T]. */
export function repeatRow(tape: Tape, row: Value, rows: number): Value {
  return add(tape, row, tape.graph.constant(new Float32Array(rows), [rows, 1]));
}
