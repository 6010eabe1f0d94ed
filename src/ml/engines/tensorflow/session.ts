import * as tf from '@tensorflow/tfjs-core';
import type { OnnxModel } from '../../graph/onnxModel.ts';
import type { EngineSession, Tensor, Tensors } from '../engine.ts';
import { unusableModel } from '../unusableModel.ts';
import { interpretGraph, requireKnownOperators } from './interpretGraph.ts';
import { isIntegers, type Value } from './value.ts';

/** A session that keeps the weights on the backend. @throws KeysliceError PACKAGE_INVALID */
export function createTensorflowSession(model: OnnxModel): EngineSession {
  requireKnownOperators(model);
  const weights = new Map(model.initializers.map((tensor) => [tensor.name, toValue(tensor)]));
  const graphInputs = model.inputs.map(({ name }) => name).filter((name) => !weights.has(name));
  return {
    inputNames: graphInputs,
    outputNames: model.outputs.map(({ name }) => name),
    run: (inputs) => run(model, weights, inputs),
    release: () => {
      for (const value of weights.values()) if (!isIntegers(value)) value.dispose();
      return Promise.resolve();
    },
  };
}

async function run(model: OnnxModel, weights: ReadonlyMap<string, Value>, inputs: Tensors): Promise<Tensors> {
  const results = new Map<string, tf.Tensor>();
  tf.tidy(() => {
    const given = new Map(weights);
    for (const [name, tensor] of Object.entries(inputs)) given.set(name, toValue(tensor));
    for (const [name, value] of interpretGraph(model, given)) results.set(name, tf.keep(value));
  });
  const outputs = [...results].map(async ([name, value]) => [name, await fetchTensor(value)] as const);
  return Object.fromEntries(await Promise.all(outputs));
}

function toValue({ dims, data }: Pick<Tensor, 'dims' | 'data'>): Value {
  if (data instanceof Float32Array) return tf.tensor(data, [...dims], 'float32');
  return { shape: dims, integers: Array.from(data, Number) };
}

async function fetchTensor(value: tf.Tensor): Promise<Tensor> {
  const data = await value.data();
  const dims = value.shape;
  value.dispose();
  if (!(data instanceof Float32Array)) throw unusableModel('a result is not of type float32');
  return { type: 'float32', dims, data };
}
