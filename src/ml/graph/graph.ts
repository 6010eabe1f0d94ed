/** Collects nodes, constants, inputs and outputs of one ONNX graph. Shapes are carried along with every value. */
import {
  ONNX_IR_VERSION,
  ONNX_OPSET,
  type OnnxAttributes,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxType,
  type OnnxValueInfo,
} from './onnxModel.ts';
import { type Shape, elementCount, graphFault, sameShape, showShape } from './shape.ts';

/** A result of a node, a constant or an input. */
export interface Value {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: Shape;
}

/** Longer constants are not compared with each other. */
const COMPARED_ELEMENTS = 64;

export class Graph {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: OnnxTensor[] = [];
  readonly #inputs: OnnxValueInfo[] = [];
  readonly #outputs: OnnxValueInfo[] = [];
  /** Same operator on the same inputs, same constant: written once. Backward passes rely on it to stay small. */
  readonly #known = new Map<string, Value>();
  #counter = 0;

  input(name: string, shape: Shape, type: OnnxType = 'float32'): Value {
    const value = { name, type, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Makes `value` an output of the graph under the given name. */
  output(name: string, value: Value): void {
    this.#nodes.push({
      name: `output_${name}`,
      opType: 'Identity',
      domain: '',
      inputs: [value.name],
      outputs: [name],
      attributes: {},
    });
    this.#outputs.push({ name, type: value.type, shape: value.shape });
  }

  node(
    opType: string,
    inputs: readonly Value[],
    shape: Shape,
    attributes: OnnxAttributes = {},
    type: OnnxType = 'float32',
  ): Value {
    const names = inputs.map((input) => input.name);
    return this.#once(`${opType}(${names.join()})${JSON.stringify(attributes)}`, () => {
      const name = this.#fresh('v');
      this.#nodes.push({
        name: `${opType}_${name}`,
        opType,
        domain: '',
        inputs: names,
        outputs: [name],
        attributes,
      });
      return { name, type, shape };
    });
  }

  constant(data: Float32Array | BigInt64Array, dims: readonly number[]): Value {
    if (elementCount(dims) !== data.length) {
      throw graphFault(`a constant of ${data.length} elements cannot have the shape ${showShape(dims)}`);
    }
    const make = (): Value => this.initializer(this.#fresh('c'), data, dims);
    if (data.length > COMPARED_ELEMENTS) return make();
    return this.#once(`${data.constructor.name}[${dims.join()}]${data.join()}`, make);
  }

  /** A constant with a name of its own, such as a trained weight. */
  initializer(name: string, data: Float32Array | BigInt64Array, dims: readonly number[]): Value {
    this.#initializers.push({ name, dims, data });
    return { name, type: data instanceof Float32Array ? 'float32' : 'int64', shape: dims };
  }

  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), []);
  }

  /** A list of numbers where an operator asks for indices, axes or a shape. */
  indices(values: readonly number[]): Value {
    return this.constant(BigInt64Array.from(values, BigInt), [values.length]);
  }

  model(): OnnxModel {
    return {
      irVersion: ONNX_IR_VERSION,
      opset: ONNX_OPSET,
      producer: 'keyslice',
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#counter++}`;
  }

  #once(key: string, make: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.#known.set(key, value);
    return value;
  }
}

export function requireShape(value: Value, shape: Shape): void {
  if (!sameShape(value.shape, shape)) {
    throw graphFault(`${showShape(shape)} is needed, ${value.name} is ${showShape(value.shape)}`);
  }
}
