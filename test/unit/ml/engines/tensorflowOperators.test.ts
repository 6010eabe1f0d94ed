import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { Engine, Tensor, Tensors } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import { tensorflowBackendEngine } from '../../../../src/ml/engines/tensorflow.ts';
import {
  float,
  int,
  ints,
  ONNX_IR_VERSION,
  ONNX_OPSET,
  type OnnxAttributes,
  type OnnxTensor,
} from '../../../../src/ml/graph/onnxModel.ts';
import { writeOnnx } from '../../../../src/ml/graph/writeOnnx.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';

interface Case {
  readonly name: string;
  readonly opType: string;
  readonly inputs: readonly (readonly number[])[];
  readonly constants?: readonly OnnxTensor[];
  readonly attributes?: OnnxAttributes;
  /** Rank of the result. */
  readonly rank: number;
}

const indices = (name: string, values: readonly number[]): OnnxTensor => ({
  name,
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
});

const CASES: readonly Case[] = [
  ...['Add', 'Sub', 'Mul', 'Div'].map((opType) => ({
    name: `${opType} with broadcasting`,
    opType,
    inputs: [
      [2, 1, 4],
      [3, 1],
    ],
    rank: 3,
  })),
  ...['Relu', 'Sigmoid', 'Tanh', 'Softplus', 'Cos', 'Identity'].map((opType) => ({
    name: opType,
    opType,
    inputs: [[3, 5]],
    rank: 2,
  })),
  {
    name: 'HardSigmoid of hard-swish',
    opType: 'HardSigmoid',
    inputs: [[40]],
    attributes: { alpha: float(1 / 6), beta: float(0.5) },
    rank: 1,
  },
  { name: 'HardSigmoid with its defaults', opType: 'HardSigmoid', inputs: [[40]], rank: 1 },
  {
    name: 'MatMul of batches',
    opType: 'MatMul',
    inputs: [
      [2, 3, 4],
      [4, 5],
    ],
    rank: 3,
  },
  {
    name: 'Conv, stride 2, uneven padding, bias',
    opType: 'Conv',
    inputs: [[2, 3, 9, 8], [4, 3, 3, 3], [4]],
    attributes: { strides: ints([2, 2]), pads: ints([1, 0, 1, 2]), kernel_shape: ints([3, 3]) },
    rank: 4,
  },
  {
    name: 'Conv, depthwise, kernel 5',
    opType: 'Conv',
    inputs: [
      [2, 6, 7, 7],
      [6, 1, 5, 5],
    ],
    attributes: { group: int(6), pads: ints([2, 2, 2, 2]), kernel_shape: ints([5, 5]) },
    rank: 4,
  },
  {
    name: 'Concat along the last axis',
    opType: 'Concat',
    inputs: [
      [2, 3],
      [2, 4],
    ],
    attributes: { axis: int(1) },
    rank: 2,
  },
  { name: 'GlobalAveragePool', opType: 'GlobalAveragePool', inputs: [[2, 3, 4, 5]], rank: 4 },
  {
    name: 'ReduceMean over an axis counted from the end',
    opType: 'ReduceMean',
    inputs: [[2, 3, 4]],
    attributes: { axes: ints([-1]), keepdims: int(1) },
    rank: 3,
  },
  {
    name: 'ReduceSum without the axis',
    opType: 'ReduceSum',
    inputs: [[2, 3, 4]],
    constants: [indices('axes', [0, 2])],
    attributes: { keepdims: int(0) },
    rank: 1,
  },
  {
    name: 'Transpose',
    opType: 'Transpose',
    inputs: [[2, 3, 4]],
    attributes: { perm: ints([2, 0, 1]) },
    rank: 3,
  },
  {
    name: 'Unsqueeze',
    opType: 'Unsqueeze',
    inputs: [[2, 3]],
    constants: [indices('axes', [0, -1])],
    rank: 4,
  },
  { name: 'Squeeze', opType: 'Squeeze', inputs: [[1, 3, 1]], constants: [indices('axes', [0])], rank: 2 },
  { name: 'Flatten', opType: 'Flatten', inputs: [[2, 3, 4, 5]], attributes: { axis: int(2) }, rank: 2 },
];

function modelOf({ opType, inputs, constants = [], attributes = {}, rank }: Case): Uint8Array {
  const names = inputs.map((_, i) => `x${i}`);
  const all = [...names, ...constants.map(({ name }) => name)];
  return writeOnnx({
    irVersion: ONNX_IR_VERSION,
    opset: ONNX_OPSET,
    producer: 'test',
    nodes: [{ name: 'node', opType, domain: '', inputs: all, outputs: ['y'], attributes }],
    initializers: constants,
    inputs: inputs.map((shape, i) => ({ name: `x${i}`, type: 'float32', shape })),
    outputs: [
      { name: 'y', type: 'float32', shape: Array.from({ length: rank }, (_, axis) => `axis${axis}`) },
    ],
  });
}

function valuesFor({ inputs }: Case): Tensors {
  const random = seededRandom(inputs.length);
  const tensor = (dims: readonly number[]): Tensor => {
    const length = dims.reduce((product, dim) => product * dim, 1);
    // Away from zero: one case divides.
    const data = Float32Array.from({ length }, () => 8 * random() - 4 + 0.01);
    return { type: 'float32', dims, data };
  };
  return Object.fromEntries(inputs.map((dims, i) => [`x${i}`, tensor(dims)]));
}

async function compute(engine: Engine, item: Case): Promise<Tensor> {
  const session = await engine.createSession(modelOf(item));
  const { y } = await session.run(valuesFor(item));
  await session.release();
  if (y === undefined) throw new Error('there is no result');
  return y;
}

describe('the TensorFlow.js adapter computes what onnxruntime computes', async () => {
  const native = await onnxRuntimeEngine('cpu', 1);
  const adapter = await tensorflowBackendEngine('cpu');

  test.each(CASES)('$name', async (item) => {
    const [expected, found] = [await compute(native, item), await compute(adapter, item)];
    expect(found.dims).toEqual(expected.dims);
    expected.data.forEach((value, i) => {
      expect(Math.abs(Number(found.data[i]) - Number(value))).toBeLessThan(
        1e-5 * (1 + Math.abs(Number(value))),
      );
    });
  });

  test('nothing stays on the backend after release', async () => {
    const before = tf.memory().numTensors;
    for (const item of CASES) await compute(adapter, item);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('an operator that it does not know is refused before anything runs', async () => {
    const item: Case = { name: '', opType: 'LSTM', inputs: [[2, 3]], rank: 2 };
    await expect(adapter.createSession(modelOf(item))).rejects.toMatchObject({ code: 'PACKAGE_INVALID' });
  });

  test('what it does not do is refused: dilation, other groups', async () => {
    const dilated = { dilations: ints([2, 2]), kernel_shape: ints([3, 3]) };
    const grouped = { group: int(2), kernel_shape: ints([3, 3]) };
    for (const [attributes, filters] of [
      [dilated, [4, 4, 3, 3]],
      [grouped, [4, 2, 3, 3]],
    ] as const) {
      const item: Case = { name: '', opType: 'Conv', inputs: [[1, 4, 9, 9], filters], attributes, rank: 4 };
      await expect(compute(adapter, item)).rejects.toMatchObject({ code: 'PACKAGE_INVALID' });
    }
  });
});
