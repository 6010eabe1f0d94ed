import * as tf from '@tensorflow/tfjs-core';
import { unusableModel } from '../unusableModel.ts';
import { isIntegers, type NodeInputs, type Operator, type Value } from './value.ts';

/** Negative axes count from the end. */
const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Axes stand in an attribute up to opset 12 of some operators, in an input after. */
function axesOf(inputs: NodeInputs, rank: number): number[] | null {
  const axes = inputs.has(1) ? inputs.integers(1) : inputs.ints('axes');
  return axes === null ? null : axes.map((axis) => axisOf(axis, rank));
}

const reduce =
  (compute: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Operator =>
  (inputs) => {
    const x = inputs.tensor(0);
    const axes = axesOf(inputs, x.rank) ?? x.shape.map((_, axis) => axis);
    return compute(x, axes, inputs.int('keepdims', 1) === 1);
  };

/** 0 copies the length of the input's axis, −1 takes what is left. */
const reshape: Operator = (inputs) => {
  const x = inputs.tensor(0);
  return tf.reshape(
    x,
    inputs.integers(1).map((dim, axis) => (dim === 0 ? (x.shape[axis] ?? 0) : dim)),
  );
};

const transpose: Operator = (inputs) => {
  const permutation = inputs.ints('perm');
  return tf.transpose(inputs.tensor(0), permutation === null ? undefined : [...permutation]);
};

const unsqueeze: Operator = (inputs) => {
  const value = inputs.value(0);
  if (isIntegers(value)) return { shape: [...value.shape, 1], integers: value.integers };
  const axes = axesOf(inputs, value.rank + (inputs.has(1) ? inputs.integers(1).length : 0)) ?? [];
  return [...axes].sort((a, b) => a - b).reduce<tf.Tensor>((x, axis) => tf.expandDims(x, axis), value);
};

const squeeze: Operator = (inputs) => {
  const x = inputs.tensor(0);
  return tf.squeeze(x, axesOf(inputs, x.rank) ?? undefined);
};

function concatValues(values: readonly Value[], axis: number): Value {
  if (values.every(isIntegers)) {
    const integers = values.flatMap((value) => value.integers);
    return { shape: [integers.length], integers };
  }
  const tensors = values.flatMap((value) => (isIntegers(value) ? [] : [value]));
  if (tensors.length !== values.length)
    throw unusableModel('Concat of tensors and integers is not supported');
  return tf.concat(tensors, axisOf(axis, tensors[0]?.rank ?? 0));
}

const concat: Operator = (inputs) => concatValues(inputs.all(), inputs.int('axis', 0));

/** Consecutive pieces only: steps other than 1 are refused. */
const slice: Operator = (inputs) => {
  const x = inputs.tensor(0);
  const [starts, ends] = [inputs.integers(1), inputs.integers(2)];
  const axes = inputs.has(3) ? inputs.integers(3) : starts.map((_, index) => index);
  if (inputs.has(4) && inputs.integers(4).some((step) => step !== 1))
    throw unusableModel('Slice with steps is not supported');
  const begin = x.shape.map(() => 0);
  const size = [...x.shape];
  axes.forEach((given, index) => {
    const axis = axisOf(given, x.rank);
    const length = x.shape[axis] ?? 0;
    const clamp = (at: number): number => Math.min(length, Math.max(0, at < 0 ? at + length : at));
    const from = clamp(starts[index] ?? 0);
    begin[axis] = from;
    size[axis] = Math.max(0, clamp(ends[index] ?? length) - from);
  });
  return tf.slice(x, begin, size);
};

const gather: Operator = (inputs) => {
  const value = inputs.value(0);
  const at = inputs.value(1);
  if (!isIntegers(at)) throw unusableModel('Gather takes integer indices');
  if (isIntegers(value)) {
    const length = value.integers.length;
    return {
      shape: at.shape,
      integers: at.integers.map((index) => value.integers[axisOf(index, length)] ?? 0),
    };
  }
  const axis = axisOf(inputs.int('axis', 0), value.rank);
  const length = value.shape[axis] ?? 0;
  const indices = tf.tensor(
    at.integers.map((index) => axisOf(index, length)),
    [...at.shape],
    'int32',
  );
  return tf.gather(value, indices, axis);
};

/** Repeats along axes of length 1 (ONNX broadcasting: the shape of the result may come from either side). */
const expand: Operator = (inputs) => tf.add(inputs.tensor(0), tf.zeros([...inputs.integers(1)]));

const shapeOf: Operator = (inputs) => {
  const { shape } = inputs.value(0);
  return { shape: [shape.length], integers: [...shape] };
};

export const SHAPING: Readonly<Record<string, Operator>> = {
  ReduceMean: reduce((x, axes, keep) => tf.mean(x, axes, keep)),
  ReduceSum: reduce((x, axes, keep) => tf.sum(x, axes, keep)),
  Reshape: reshape,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Concat: concat,
  Slice: slice,
  Gather: gather,
  Expand: expand,
  Shape: shapeOf,
};
