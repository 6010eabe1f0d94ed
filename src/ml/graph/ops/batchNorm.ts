import { emitBinary, emitMean, emitReshape, emitScale, emitSum } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { float, int, ints } from '../onnxModel.ts';
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
 * Feature maps are kept channel first while training, so the statistics are sums over rows. Element-wise passes over
 * whole maps dominate a training step, so the affine parts go through one BatchNormalization node each.
 */
export function batchNorm(tape: Tape, x: Value, gamma: Value, beta: Value, epsilon: number): NormalizedBatch {
  const { graph } = tape;
  const shape = staticShape(x.shape);
  const [channels] = shape;
  if (channels === undefined) throw graphFault('batch norm of a scalar');
  const count = elementCount(shape) / channels;
  const rows = (v: Value): Value => emitReshape(graph, v, [1, channels, count]);
  const vector = (v: Value): Value => emitReshape(graph, v, [channels]);
  const column = (v: Value): Value => emitReshape(graph, v, [1, channels, 1]);

  const mean = emitMean(graph, rows(x), [0, 2], true);
  const centered = emitBinary(graph, 'Sub', rows(x), mean);
  const squares = graph.node('ReduceSumSquare', [centered], [1, channels, 1], reduceLast);
  const variance = emitScale(graph, squares, 1 / count);
  const guarded = graph.node('Add', [variance, graph.scalar(epsilon)], variance.shape);
  const inverse = graph.node('Reciprocal', [graph.node('Sqrt', [guarded], guarded.shape)], guarded.shape);
  const gain = emitBinary(graph, 'Mul', inverse, column(gamma));
  const y = emitReshape(graph, emitAffine(graph, centered, vector(gain), beta), shape);

  /** Σ dy and Σ dy ⊙ x̂ per channel. */
  const sum = (dy: Value): Value => emitSum(graph, rows(dy), [0, 2], true);
  const projection = (dy: Value): Value => {
    const along = emitSum(graph, emitBinary(graph, 'Mul', rows(dy), centered), [0, 2], true);
    return emitBinary(graph, 'Mul', along, inverse);
  };
  tape.record(
    y,
    [x, gamma, beta],
    [
      (dy) => {
        // γ/σ · (dy − mean(dy) − x̂ · mean(dy ⊙ x̂)), grouped by what multiplies dy, what multiplies x − μ, and the rest.
        const level = emitScale(graph, emitBinary(graph, 'Mul', gain, sum(dy)), -1 / count);
        const slope = emitScale(graph, emitBinary(graph, 'Mul', gain, projection(dy)), -1 / count);
        const direct = emitAffine(graph, rows(dy), vector(gain), vector(level));
        const along = emitBinary(graph, 'Mul', centered, emitBinary(graph, 'Mul', slope, inverse));
        return emitReshape(graph, emitBinary(graph, 'Add', direct, along), shape);
      },
      (dy) => vector(projection(dy)),
      (dy) => vector(sum(dy)),
    ],
  );
  return { y, mean: vector(mean), variance: vector(variance) };
}

const reduceLast = { axes: ints([0, 2]), keepdims: int(1) };

/** factor·x + offset per channel in one pass: x [1, C, M], factor and offset [C]. */
function emitAffine(graph: Graph, x: Value, factor: Value, offset: Value): Value {
  const [channels = 1] = staticShape(factor.shape);
  const zeros = graph.constant(new Float32Array(channels), [channels]);
  const ones = graph.constant(new Float32Array(channels).fill(1), [channels]);
  return graph.node('BatchNormalization', [x, factor, offset, zeros, ones], x.shape, { epsilon: float(0) });
}
