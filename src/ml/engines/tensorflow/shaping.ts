import * as tf from '@tensorflow/tfjs-core';
import { unusableModel } from '../unusableModel.ts';
import type { NodeInputs, Operator } from './value.ts';

/** Negative axes count from the end. */
const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** In an attribute (ReduceMean of opset 17) or an input (ReduceSum, Squeeze, Unsqueeze since opset 13). */
function axesOf(inputs: NodeInputs, rank: number): number[] {
  const axes = inputs.has(1) ? inputs.integers(1) : inputs.ints('axes');
  if (axes === null) throw unusableModel('an operator without axes is not supported');
  return axes.map((axis) => axisOf(axis, rank));
}

const reduce =
  (compute: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Operator =>
  (inputs) => {
    const x = inputs.tensor(0);
    return compute(x, axesOf(inputs, x.rank), inputs.int('keepdims', 1) === 1);
  };

/** Without a permutation all axes are reversed, in ONNX as here. */
const transpose: Operator = (inputs) => {
  const permutation = inputs.ints('perm');
  return tf.transpose(inputs.tensor(0), permutation === null ? undefined : [...permutation]);
};

const unsqueeze: Operator = (inputs) => {
  const x = inputs.tensor(0);
  const axes = axesOf(inputs, x.rank + inputs.integers(1).length);
  return axes.sort((a, b) => a - b).reduce<tf.Tensor>((wider, axis) => tf.expandDims(wider, axis), x);
};

const squeeze: Operator = (inputs) => {
  const x = inputs.tensor(0);
  return tf.squeeze(x, axesOf(inputs, x.rank));
};

/** Two axes: those before `axis` together, and the others. */
const flatten: Operator = (inputs) => {
  const x = inputs.tensor(0);
  const axis = axisOf(inputs.int('axis', 1), x.rank);
  const rows = x.shape.slice(0, axis).reduce((product, dim) => product * dim, 1);
  return tf.reshape(x, [rows, x.size / rows]);
};

const concat: Operator = (inputs) => {
  const parts: tf.Tensor[] = [];
  while (inputs.has(parts.length)) parts.push(inputs.tensor(parts.length));
  const rank = inputs.tensor(0).rank;
  return tf.concat(parts, axisOf(inputs.int('axis', 0), rank));
};

export const SHAPING: Readonly<Record<string, Operator>> = {
  ReduceMean: reduce((x, axes, keep) => tf.mean(x, axes, keep)),
  ReduceSum: reduce((x, axes, keep) => tf.sum(x, axes, keep)),
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Flatten: flatten,
  Concat: concat,
};
