import * as tf from '@tensorflow/tfjs-core';
import type { Operator } from './value.ts';

const unary =
  (compute: (x: tf.Tensor) => tf.Tensor): Operator =>
  (inputs) =>
    compute(inputs.tensor(0));

const binary =
  (compute: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operator =>
  (inputs) =>
    compute(inputs.tensor(0), inputs.tensor(1));

/** min(1, max(0, αx + β)). */
const hardSigmoid: Operator = (inputs) => {
  const line = tf.add(tf.mul(inputs.tensor(0), inputs.float('alpha', 0.2)), inputs.float('beta', 0.5));
  return tf.clipByValue(line, 0, 1);
};

export const ELEMENTWISE: Readonly<Record<string, Operator>> = {
  Add: binary((a, b) => tf.add(a, b)),
  Sub: binary((a, b) => tf.sub(a, b)),
  Mul: binary((a, b) => tf.mul(a, b)),
  Div: binary((a, b) => tf.div(a, b)),
  Relu: unary((x) => tf.relu(x)),
  Sigmoid: unary((x) => tf.sigmoid(x)),
  Tanh: unary((x) => tf.tanh(x)),
  Softplus: unary((x) => tf.softplus(x)),
  Sqrt: unary((x) => tf.sqrt(x)),
  Cos: unary((x) => tf.cos(x)),
  Floor: unary((x) => tf.floor(x)),
  // A copy: results are disposed of after a run, weights are not.
  Identity: unary((x) => tf.clone(x)),
  HardSigmoid: hardSigmoid,
};
