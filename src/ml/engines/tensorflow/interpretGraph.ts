import type { Tensor } from '@tensorflow/tfjs-core';
import type { OnnxModel, OnnxNode } from '../../graph/onnxModel.ts';
import { unusableModel } from '../unusableModel.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { LINEAR } from './linear.ts';
import { SHAPING } from './shaping.ts';
import { NodeInputs, type Operator, type Value } from './value.ts';

const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({ ...ELEMENTWISE, ...LINEAR, ...SHAPING }),
);

/**
 * Refuses a graph before it runs.
 * @throws KeysliceError PACKAGE_INVALID naming the first operator that is not known.
 */
export function requireKnownOperators({ nodes }: OnnxModel): void {
  for (const { opType, domain } of nodes) {
    if (domain !== '' || !OPERATORS.has(opType))
      throw unusableModel(`the operator ${opType} is not supported here`);
  }
}

/** Computes the graph's outputs from the given values (initialisers and inputs by name), node by node. */
export function interpretGraph(
  model: OnnxModel,
  given: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Tensor> {
  const values = new Map(given);
  const results = new Map<string, Tensor>();
  for (const node of model.nodes) {
    const [name, result] = [resultOf(node), compute(node, values)];
    values.set(name, result);
    results.set(name, result);
  }
  return new Map(model.outputs.map(({ name }) => [name, known(results, name)]));
}

function compute(node: OnnxNode, values: ReadonlyMap<string, Value>): Tensor {
  const operator = OPERATORS.get(node.opType);
  if (operator === undefined) throw unusableModel(`the operator ${node.opType} is not supported here`);
  const inputs = node.inputs.map((name) => (name === '' ? null : known(values, name)));
  return operator(new NodeInputs(node.opType, inputs, node.attributes));
}

/** Every operator here has one result. */
function resultOf({ opType, outputs }: OnnxNode): string {
  const [name, ...others] = outputs;
  if (name === undefined || others.length > 0)
    throw unusableModel(`${opType} with ${outputs.length} results`);
  return name;
}

function known<T>(values: ReadonlyMap<string, T>, name: string): T {
  const value = values.get(name);
  if (value === undefined) throw unusableModel(`the value ${name} is used before it is computed`);
  return value;
}
