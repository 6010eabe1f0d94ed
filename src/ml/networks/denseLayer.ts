import type { Value } from '../graph/graph.ts';
import { linear } from '../graph/ops/matrix.ts';
import { dimAt, staticShape } from '../graph/shape.ts';
import type { Tape } from '../graph/tape.ts';
import { type ParameterSource, type Start, ZERO, normal } from './parameters.ts';

/** x·weight + bias over the last axis; weights `NAME/weight` [in, out] and `NAME/bias` [out], which starts at zero. */
export function denseLayer(
  tape: Tape,
  source: ParameterSource,
  name: string,
  x: Value,
  outputs: number,
  start: Start,
): Value {
  const weight = source.parameter(`${name}/weight`, [widthOf(x), outputs], start);
  return linear(tape, x, weight, source.parameter(`${name}/bias`, [outputs], ZERO));
}

/** Length of the last axis. */
export function widthOf(x: Value): number {
  const [width = 1] = staticShape([dimAt(x.shape, -1)]);
  return width;
}

/** Keeps the variance through a rectifier (He et al. 2015). */
export const kaiming = (inputs: number): Start => normal(Math.sqrt(2 / inputs));
