import type { Value } from '../graph/graph.ts';
import { hardSwish } from '../graph/ops/activations.ts';
import { multiply } from '../graph/ops/arithmetic.ts';
import { linear } from '../graph/ops/matrix.ts';
import type { Tape } from '../graph/tape.ts';
import { POOLED_FEATURES } from './mobileNetV3Small.ts';
import { type ParameterSource, ZERO, normal } from './parameters.ts';

/** Width of the hidden layer. */
export const HEAD_WIDTH = 1024;
const HEAD_START = normal(0.01);

/**
 * Logits [B, classes] from pooled features [B, 576], already averaged over the kept frames (docs/das.md section 5).
 * @param dropout [B, 1024] of 0 and 1/(1 − rate); null at inference.
 */
export function classifierHead(
  tape: Tape,
  source: ParameterSource,
  pooled: Value,
  classes: number,
  dropout: Value | null,
): Value {
  const layer = (name: string, x: Value, inputs: number, outputs: number): Value =>
    linear(
      tape,
      x,
      source.parameter(`${name}/weight`, [inputs, outputs], HEAD_START),
      source.parameter(`${name}/bias`, [outputs], ZERO),
    );
  const hidden = hardSwish(tape, layer('head/hidden', pooled, POOLED_FEATURES, HEAD_WIDTH));
  const kept = dropout === null ? hidden : multiply(tape, hidden, dropout);
  return layer('head/classes', kept, HEAD_WIDTH, classes);
}
