import { emitExpand, emitMean, emitReshape, emitScale, emitSlice, emitSum, emitTranspose } from '../emit.ts';
import type { Value } from '../graph.ts';
import { int } from '../onnxModel.ts';
import { dimAt, graphFault, staticShape } from '../shape.ts';
import type { Tape } from '../tape.ts';

/** Same elements in another shape. */
export function reshape(tape: Tape, x: Value, shape: readonly number[]): Value {
  const { graph } = tape;
  return tape.record(
    emitReshape(graph, x, shape),
    [x],
    [(dy) => emitReshape(graph, dy, staticShape(x.shape))],
  );
}

/** Axis i of the result is axis `permutation[i]` of x. */
export function transpose(tape: Tape, x: Value, permutation: readonly number[]): Value {
  const { graph } = tape;
  const inverse = permutation.map((_, axis) => permutation.indexOf(axis));
  return tape.record(emitTranspose(graph, x, permutation), [x], [(dy) => emitTranspose(graph, dy, inverse)]);
}

/** Exchanges the last two axes. */
export function swapLast(tape: Tape, x: Value): Value {
  const rank = x.shape.length;
  const kept = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return transpose(tape, x, [...kept, rank - 1, rank - 2]);
}

/** Mean over one axis, which stays with length 1. */
export function mean(tape: Tape, x: Value, axis: number): Value {
  const { graph } = tape;
  const at = axis < 0 ? axis + x.shape.length : axis;
  return tape.record(
    emitMean(graph, x, [at], true),
    [x],
    [
      (dy) => {
        const [length = 1] = staticShape([dimAt(x.shape, at)]);
        return emitExpand(graph, emitScale(graph, dy, 1 / length), x.shape);
      },
    ],
  );
}

/** Sum over one axis, which stays with length 1. */
export function sum(tape: Tape, x: Value, axis: number): Value {
  const { graph } = tape;
  const at = axis < 0 ? axis + x.shape.length : axis;
  return tape.record(emitSum(graph, x, [at], true), [x], [(dy) => emitExpand(graph, dy, x.shape)]);
}

/** Values one after the other along an axis. */
export function concat(tape: Tape, parts: readonly Value[], axis: number): Value {
  const { graph } = tape;
  const [first] = parts;
  if (first === undefined) throw graphFault('concat of nothing');
  const lengths = parts.map((part) => staticShape([dimAt(part.shape, axis)])[0] ?? 0);
  const shape = first.shape.map((dim, at) => (at === axis ? lengths.reduce((a, b) => a + b, 0) : dim));
  return tape.record(
    parts.length === 1 ? first : graph.node('Concat', parts, shape, { axis: int(axis) }),
    parts,
    parts.map((part, i) => (dy) => {
      const from = lengths.slice(0, i).reduce((a, b) => a + b, 0);
      return emitSlice(graph, dy, [{ axis, from, to: from + (lengths[i] ?? 0) }], part.shape);
    }),
  );
}
