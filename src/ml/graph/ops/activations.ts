import { emitBinary, emitFloat, emitInside, emitScale } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { float } from '../onnxModel.ts';
import type { Tape } from '../tape.ts';

/** max(x, 0). */
export function relu(tape: Tape, x: Value): Value {
  const { graph } = tape;
  const y = graph.node('Relu', [x], x.shape);
  return tape.record(
    y,
    [x],
    [
      (dy) => {
        const positive = graph.node('Greater', [y, graph.scalar(0)], x.shape, {}, 'bool');
        return emitBinary(graph, 'Mul', dy, emitFloat(graph, positive));
      },
    ],
  );
}

function emitHardSigmoid(graph: Graph, x: Value): Value {
  return graph.node('HardSigmoid', [x], x.shape, { alpha: float(1 / 6), beta: float(0.5) });
}

/** relu6(x + 3) / 6 (Howard et al. 2019, arXiv 1905.02244, section 5.2). */
export function hardSigmoid(tape: Tape, x: Value): Value {
  const { graph } = tape;
  return tape.record(
    emitHardSigmoid(graph, x),
    [x],
    [(dy) => emitBinary(graph, 'Mul', dy, emitScale(graph, emitInside(graph, x, 3), 1 / 6))],
  );
}

/** x · relu6(x + 3) / 6. */
export function hardSwish(tape: Tape, x: Value): Value {
  const { graph } = tape;
  const gate = emitHardSigmoid(graph, x);
  return tape.record(
    emitBinary(graph, 'Mul', x, gate),
    [x],
    [
      (dy) => {
        const inside = emitBinary(graph, 'Mul', emitScale(graph, x, 1 / 6), emitInside(graph, x, 3));
        return emitBinary(graph, 'Mul', dy, emitBinary(graph, 'Add', gate, inside));
      },
    ],
  );
}

/** 1 / (1 + e^−x). */
export function sigmoid(tape: Tape, x: Value): Value {
  const { graph } = tape;
  const y = graph.node('Sigmoid', [x], x.shape);
  return tape.record(
    y,
    [x],
    [
      (dy) => {
        const slope = emitBinary(graph, 'Sub', y, emitBinary(graph, 'Mul', y, y));
        return emitBinary(graph, 'Mul', dy, slope);
      },
    ],
  );
}

/** ln(1 + e^x). */
export function softplus(tape: Tape, x: Value): Value {
  const { graph } = tape;
  return tape.record(
    graph.node('Softplus', [x], x.shape),
    [x],
    [(dy) => emitBinary(graph, 'Mul', dy, graph.node('Sigmoid', [x], x.shape))],
  );
}

/** tanh x. */
export function tanh(tape: Tape, x: Value): Value {
  const { graph } = tape;
  const y = graph.node('Tanh', [x], x.shape);
  return tape.record(
    y,
    [x],
    [(dy) => emitBinary(graph, 'Sub', dy, emitBinary(graph, 'Mul', dy, emitBinary(graph, 'Mul', y, y)))],
  );
}
