import { emitBinary, emitScale, emitUnbroadcast } from '../emit.ts';
import type { Value } from '../graph.ts';
import type { Tape } from '../tape.ts';

/** a + b, broadcast. */
export function add(tape: Tape, a: Value, b: Value): Value {
  const { graph } = tape;
  return tape.record(
    emitBinary(graph, 'Add', a, b),
    [a, b],
    [(dy) => emitUnbroadcast(graph, dy, a.shape), (dy) => emitUnbroadcast(graph, dy, b.shape)],
  );
}

/** a − b, broadcast. */
export function subtract(tape: Tape, a: Value, b: Value): Value {
  const { graph } = tape;
  return tape.record(
    emitBinary(graph, 'Sub', a, b),
    [a, b],
    [
      (dy) => emitUnbroadcast(graph, dy, a.shape),
      (dy) => emitScale(graph, emitUnbroadcast(graph, dy, b.shape), -1),
    ],
  );
}

/** a ⊙ b, broadcast. */
export function multiply(tape: Tape, a: Value, b: Value): Value {
  const { graph } = tape;
  return tape.record(
    emitBinary(graph, 'Mul', a, b),
    [a, b],
    [
      (dy) => emitUnbroadcast(graph, emitBinary(graph, 'Mul', dy, b), a.shape),
      (dy) => emitUnbroadcast(graph, emitBinary(graph, 'Mul', dy, a), b.shape),
    ],
  );
}

/** a / b, broadcast. */
export function divide(tape: Tape, a: Value, b: Value): Value {
  const { graph } = tape;
  const y = emitBinary(graph, 'Div', a, b);
  return tape.record(
    y,
    [a, b],
    [
      (dy) => emitUnbroadcast(graph, emitBinary(graph, 'Div', dy, b), a.shape),
      (dy) => {
        const slope = emitBinary(graph, 'Div', emitBinary(graph, 'Mul', dy, y), b);
        return emitScale(graph, emitUnbroadcast(graph, slope, b.shape), -1);
      },
    ],
  );
}

/** factor · x. */
export function scale(tape: Tape, x: Value, factor: number): Value {
  const { graph } = tape;
  return tape.record(emitScale(graph, x, factor), [x], [(dy) => emitScale(graph, dy, factor)]);
}

/** x + offset. */
export function shift(tape: Tape, x: Value, offset: number): Value {
  const y = tape.graph.node('Add', [x, tape.graph.scalar(offset)], x.shape);
  return tape.record(y, [x], [(dy) => dy]);
}

/** √x; x > 0. */
export function squareRoot(tape: Tape, x: Value): Value {
  const { graph } = tape;
  const y = graph.node('Sqrt', [x], x.shape);
  return tape.record(y, [x], [(dy) => emitScale(graph, emitBinary(graph, 'Div', dy, y), 0.5)]);
}
