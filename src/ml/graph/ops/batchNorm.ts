import { emitBinary, emitMean, emitReshape, emitScale, emitSum } from '../emit.ts';
import type { Value } from '../graph.ts';
import { elementCount, graphFault, staticShape } from '../shape.ts';
import type { Tape } from '../tape.ts';

export interface NormalizedBatch {
  readonly y: Value;
  /** Mean and (biased) variance of this batch, [C]: what running statistics are made of. */
  readonly mean: Value;
  readonly variance: Value;
}

/**
 * Batch normalisation over all axes but the first (Ioffe and Szegedy 2015): x [C, …], gamma and beta [C].
 * Feature maps are kept channel first while training, so the statistics are sums over rows.
 */
export function batchNorm(tape: Tape, x: Value, gamma: Value, beta: Value, epsilon: number): NormalizedBatch {
  const { graph } = tape;
  const shape = staticShape(x.shape);
  const [channels] = shape;
  if (channels === undefined) throw graphFault('batch norm of a scalar');
  const count = elementCount(shape) / channels;
  const rows = (v: Value): Value => emitReshape(graph, v, [channels, count]);
  const column = (v: Value): Value => emitReshape(graph, v, [channels, 1]);
  const vector = (v: Value): Value => emitReshape(graph, v, [channels]);

  const flat = rows(x);
  const mean = emitMean(graph, flat, [1], true);
  const centered = emitBinary(graph, 'Sub', flat, mean);
  const variance = emitMean(graph, emitBinary(graph, 'Mul', centered, centered), [1], true);
  const guarded = graph.node('Add', [variance, graph.scalar(epsilon)], variance.shape);
  const inverse = graph.node('Reciprocal', [graph.node('Sqrt', [guarded], guarded.shape)], guarded.shape);
  const normalized = emitBinary(graph, 'Mul', centered, inverse);
  const scaled = emitBinary(graph, 'Mul', normalized, column(gamma));
  const y = emitReshape(graph, emitBinary(graph, 'Add', scaled, column(beta)), shape);

  const sum = (dy: Value): Value => emitSum(graph, rows(dy), [1], true);
  const projection = (dy: Value): Value =>
    emitSum(graph, emitBinary(graph, 'Mul', rows(dy), normalized), [1], true);
  tape.record(
    y,
    [x, gamma, beta],
    [
      (dy) => {
        const level = emitBinary(graph, 'Sub', rows(dy), emitScale(graph, sum(dy), 1 / count));
        const along = emitBinary(graph, 'Mul', normalized, emitScale(graph, projection(dy), 1 / count));
        const factor = emitBinary(graph, 'Mul', inverse, column(gamma));
        return emitReshape(
          graph,
          emitBinary(graph, 'Mul', emitBinary(graph, 'Sub', level, along), factor),
          shape,
        );
      },
      (dy) => vector(projection(dy)),
      (dy) => vector(sum(dy)),
    ],
  );
  return { y, mean: vector(mean), variance: vector(variance) };
}
