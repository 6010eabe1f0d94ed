/** Single ONNX nodes with their result shapes worked out. No gradients: forward and backward passes are made of these. */
import type { Graph, Value } from './graph.ts';
import { int, ints } from './onnxModel.ts';
import {
  type Dim,
  type Shape,
  broadcastAxes,
  broadcastShape,
  dimAt,
  graphFault,
  sameShape,
  staticShape,
} from './shape.ts';

export type BinaryOperator = 'Add' | 'Sub' | 'Mul' | 'Div';

export function emitBinary(graph: Graph, operator: BinaryOperator, a: Value, b: Value): Value {
  return graph.node(operator, [a, b], broadcastShape(a.shape, b.shape));
}

export function emitScale(graph: Graph, x: Value, factor: number): Value {
  return graph.node('Mul', [x, graph.scalar(factor)], x.shape);
}

export function emitReshape(graph: Graph, x: Value, shape: readonly number[]): Value {
  return sameShape(x.shape, shape) ? x : graph.node('Reshape', [x, graph.indices(shape)], shape);
}

export function emitTranspose(graph: Graph, x: Value, permutation: readonly number[]): Value {
  const shape = permutation.map((axis) => dimAt(x.shape, axis));
  return graph.node('Transpose', [x], shape, { perm: ints(permutation) });
}

/** Exchanges the last two axes. */
export function emitSwapLast(graph: Graph, x: Value): Value {
  const rank = x.shape.length;
  const kept = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return emitTranspose(graph, x, [...kept, rank - 1, rank - 2]);
}

function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  return shape.flatMap((dim, axis): Dim[] => (axes.includes(axis) ? (keep ? [1] : []) : [dim]));
}

/** Sums over axes, counted from 0. */
export function emitSum(graph: Graph, x: Value, axes: readonly number[], keep: boolean): Value {
  const shape = reducedShape(x.shape, axes, keep);
  return graph.node('ReduceSum', [x, graph.indices(axes)], shape, { keepdims: int(keep ? 1 : 0) });
}

/** Means over axes, counted from 0. */
export function emitMean(graph: Graph, x: Value, axes: readonly number[], keep: boolean): Value {
  const shape = reducedShape(x.shape, axes, keep);
  return graph.node('ReduceMean', [x], shape, { axes: ints(axes), keepdims: int(keep ? 1 : 0) });
}

export function emitExpand(graph: Graph, x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : graph.node('Expand', [x, graph.indices(staticShape(shape))], shape);
}

/** Undoes broadcasting: sums a gradient over the axes along which its value had been repeated. */
export function emitUnbroadcast(graph: Graph, gradient: Value, shape: Shape): Value {
  const axes = broadcastAxes(gradient.shape, shape);
  const summed = axes.length === 0 ? gradient : emitSum(graph, gradient, axes, true);
  return sameShape(summed.shape, shape) ? summed : emitReshape(graph, summed, staticShape(shape));
}

/** Matrix product over the last two axes, the others broadcast (numpy.matmul). */
export function emitMatMul(graph: Graph, a: Value, b: Value): Value {
  if (dimAt(a.shape, -1) !== dimAt(b.shape, -2)) {
    throw graphFault(`MatMul of [${a.shape.join()}] and [${b.shape.join()}]`);
  }
  const batch = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return graph.node('MatMul', [a, b], [...batch, dimAt(a.shape, -2), dimAt(b.shape, -1)]);
}

/** Product of two matrices, each transposed or not. */
export function emitGemm(
  graph: Graph,
  a: Value,
  b: Value,
  transposed: { a?: boolean; b?: boolean } = {},
): Value {
  const shape = [dimAt(a.shape, transposed.a ? 1 : 0), dimAt(b.shape, transposed.b ? 0 : 1)];
  return graph.node('Gemm', [a, b], shape, {
    transA: int(transposed.a ? 1 : 0),
    transB: int(transposed.b ? 1 : 0),
  });
}

/** 1 where |x| < bound, else 0. */
export function emitInside(graph: Graph, x: Value, bound: number): Value {
  const size = graph.node('Abs', [x], x.shape);
  const less = graph.node('Less', [size, graph.scalar(bound)], x.shape, {}, 'bool');
  return emitFloat(graph, less);
}

export function emitFloat(graph: Graph, x: Value): Value {
  return graph.node('Cast', [x], x.shape, { to: int(1) });
}

/** `x[…, from:to, …]` along some axes, with steps of ±1. */
export function emitSlice(
  graph: Graph,
  x: Value,
  cuts: readonly { axis: number; from: number; to: number; step?: 1 | -1 }[],
  shape: Shape,
): Value {
  const column = (values: number[]): Value => graph.indices(values);
  return graph.node(
    'Slice',
    [
      x,
      column(cuts.map((cut) => cut.from)),
      column(cuts.map((cut) => cut.to)),
      column(cuts.map((cut) => cut.axis)),
      column(cuts.map((cut) => cut.step ?? 1)),
    ],
    shape,
  );
}

/** Appends zeros along one axis. */
export function emitPadEnd(graph: Graph, x: Value, axis: number, zeros: number): Value {
  const rank = x.shape.length;
  const pads = Array.from({ length: 2 * rank }, (_, i) => (i === rank + axis ? zeros : 0));
  const shape = staticShape(x.shape).map((dim, i) => (i === axis ? dim + zeros : dim));
  return graph.node('Pad', [x, graph.indices(pads)], shape);
}
