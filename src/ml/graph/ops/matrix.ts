import { emitGemm, emitMatMul, emitReshape, emitSwapLast, emitUnbroadcast } from '../emit.ts';
import type { Value } from '../graph.ts';
import { dimAt, elementCount, staticShape } from '../shape.ts';
import type { Tape } from '../tape.ts';
import { add } from './arithmetic.ts';

/** Matrix product over the last two axes, the others broadcast. */
export function matMul(tape: Tape, a: Value, b: Value): Value {
  const { graph } = tape;
  if (b.shape.length === 2 && a.shape.length > 2) return rowsTimesMatrix(tape, a, b);
  return tape.record(
    emitMatMul(graph, a, b),
    [a, b],
    [
      (dy) => emitUnbroadcast(graph, emitMatMul(graph, dy, emitSwapLast(graph, b)), a.shape),
      (dy) => emitUnbroadcast(graph, emitMatMul(graph, emitSwapLast(graph, a), dy), b.shape),
    ],
  );
}

/** A stack of rows times one matrix: the gradients are single Gemms. */
function rowsTimesMatrix(tape: Tape, rows: Value, matrix: Value): Value {
  const { graph } = tape;
  const flat = (x: Value): Value => {
    const [width = 1] = staticShape([dimAt(x.shape, -1)]);
    return emitReshape(graph, x, [elementCount(x.shape) / width, width]);
  };
  return tape.record(
    emitMatMul(graph, rows, matrix),
    [rows, matrix],
    [
      (dy) => emitReshape(graph, emitGemm(graph, flat(dy), matrix, { b: true }), staticShape(rows.shape)),
      (dy) => emitGemm(graph, flat(rows), flat(dy), { a: true }),
    ],
  );
}

/** x·w + b over the last axis; w [in, out], b [out]. */
export function linear(tape: Tape, x: Value, weight: Value, bias: Value): Value {
  return add(tape, matMul(tape, x, weight), bias);
}
