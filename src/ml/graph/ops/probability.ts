import { emitBinary, emitScale, emitSum } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { int } from '../onnxModel.ts';
import { dimAt, staticShape } from '../shape.ts';
import type { Tape } from '../tape.ts';

export function emitSoftmax(graph: Graph, x: Value): Value {
  return graph.node('Softmax', [x], x.shape, { axis: int(-1) });
}

/** Gradient of softmax over the last axis: p ⊙ (dy − Σ dy ⊙ p). */
export function emitSoftmaxBackward(graph: Graph, p: Value, dy: Value): Value {
  const weighted = emitBinary(graph, 'Mul', dy, p);
  const total = emitSum(graph, weighted, [p.shape.length - 1], true);
  return emitBinary(graph, 'Sub', weighted, emitBinary(graph, 'Mul', p, total));
}

/**
 * −(1/B) Σ target ⊙ log softmax(logits), a scalar. Rows of `target` [B, classes] may be smoothed and weighted: they
 * need not sum to one.
 */
export function crossEntropy(tape: Tape, logits: Value, target: Value): Value {
  const { graph } = tape;
  const [batch = 1] = staticShape([dimAt(logits.shape, 0)]);
  const logP = graph.node('LogSoftmax', [logits], logits.shape, { axis: int(-1) });
  const total = emitSum(graph, emitBinary(graph, 'Mul', logP, target), [0, 1], false);
  return tape.record(
    emitScale(graph, total, -1 / batch),
    [logits],
    [
      (dy) => {
        const weight = emitSum(graph, target, [1], true);
        const expected = emitBinary(graph, 'Mul', emitSoftmax(graph, logits), weight);
        const slope = emitScale(graph, emitBinary(graph, 'Sub', expected, target), 1 / batch);
        return emitBinary(graph, 'Mul', slope, dy);
      },
    ],
  );
}

/** −Σ target ⊙ log softmax(logits) of every row, [B, 1]: a plain number, through which no gradient flows. */
export function emitRowLosses(graph: Graph, logits: Value, target: Value): Value {
  const logP = graph.node('LogSoftmax', [logits], logits.shape, { axis: int(-1) });
  return emitScale(graph, emitSum(graph, emitBinary(graph, 'Mul', logP, target), [1], true), -1);
}
