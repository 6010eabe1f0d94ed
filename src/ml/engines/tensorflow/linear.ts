import * as tf from '@tensorflow/tfjs-core';
import { unusableModel } from '../unusableModel.ts';
import type { Operator } from './value.ts';

const matMul: Operator = (inputs) => tf.matMul(inputs.tensor(0), inputs.tensor(1));

/** ONNX keeps channels first, TensorFlow.js's kernels last. */
const channelsLast = (x: tf.Tensor4D): tf.Tensor4D => tf.transpose(x, [0, 2, 3, 1]);
const channelsFirst = (x: tf.Tensor4D): tf.Tensor4D => tf.transpose(x, [0, 3, 1, 2]);

/** Plain (group 1) and depthwise (group = channels, one filter each) convolution of images. */
const conv: Operator = (inputs) => {
  inputs.require('auto_pad', 'NOTSET');
  const weight = rank4(inputs.tensor(1));
  const [filters, perGroup] = weight.shape;
  const group = inputs.int('group', 1);
  const [strideY = 1, strideX = 1] = inputs.ints('strides') ?? [];
  const [top = 0, left = 0, bottom = 0, right = 0] = inputs.ints('pads') ?? [];
  if (inputs.ints('dilations')?.some((step) => step !== 1))
    throw unusableModel('Conv with dilation is not supported');
  // The native backend knows no explicit padding of convolutions.
  const padded = tf.pad(channelsLast(rank4(inputs.tensor(0))), [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const strides: [number, number] = [strideY, strideX];
  let y: tf.Tensor4D;
  if (group === 1) {
    y = tf.conv2d(padded, tf.transpose(weight, [2, 3, 1, 0]), strides, 'valid');
  } else {
    if (group !== filters || perGroup !== 1)
      throw unusableModel(`Conv with ${group} groups is not supported`);
    y = tf.depthwiseConv2d(padded, tf.transpose(weight, [2, 3, 0, 1]), strides, 'valid');
  }
  return channelsFirst(inputs.has(2) ? tf.add(y, inputs.tensor(2)) : y);
};

const globalAveragePool: Operator = (inputs) => tf.mean(rank4(inputs.tensor(0)), [2, 3], true);

function rank4(x: tf.Tensor): tf.Tensor4D {
  if (x.rank !== 4) throw unusableModel(`an image batch has 4 axes, not ${x.rank}`);
  const [a = 1, b = 1, c = 1, d = 1] = x.shape;
  return tf.reshape<tf.Rank.R4>(x, [a, b, c, d]);
}

export const LINEAR: Readonly<Record<string, Operator>> = {
  MatMul: matMul,
  Conv: conv,
  GlobalAveragePool: globalAveragePool,
};
