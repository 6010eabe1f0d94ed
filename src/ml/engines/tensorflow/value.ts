import type { Tensor } from '@tensorflow/tfjs-core';
import type { OnnxAttributes } from '../../graph/onnxModel.ts';
import { unusableModel } from '../unusableModel.ts';

/** Shapes, axes and indices stay on the host: TensorFlow.js has no 64-bit integers. */
export interface Integers {
  readonly shape: readonly number[];
  readonly integers: readonly number[];
}

export type Value = Tensor | Integers;

/** What one node is computed from. */
export class NodeInputs {
  readonly #opType: string;
  readonly #values: readonly (Value | null)[];
  readonly #attributes: OnnxAttributes;

  constructor(opType: string, values: readonly (Value | null)[], attributes: OnnxAttributes) {
    this.#opType = opType;
    this.#values = values;
    this.#attributes = attributes;
  }

  /** @throws KeysliceError PACKAGE_INVALID when the input is absent. */
  value(index: number): Value {
    const value = this.#values[index] ?? null;
    if (value === null) throw unusableModel(`${this.#opType} lacks input ${index}`);
    return value;
  }

  has(index: number): boolean {
    return (this.#values[index] ?? null) !== null;
  }

  tensor(index: number): Tensor {
    const value = this.value(index);
    if (isIntegers(value)) throw unusableModel(`${this.#opType} takes no integers as input ${index}`);
    return value;
  }

  integers(index: number): readonly number[] {
    const value = this.value(index);
    if (!isIntegers(value)) throw unusableModel(`${this.#opType} takes only integers as input ${index}`);
    return value.integers;
  }

  int(name: string, absent: number): number {
    const attribute = this.#attributes[name];
    return attribute?.kind === 'int' ? attribute.value : absent;
  }

  float(name: string, absent: number): number {
    const attribute = this.#attributes[name];
    return attribute?.kind === 'float' ? attribute.value : absent;
  }

  ints(name: string): readonly number[] | null {
    const attribute = this.#attributes[name];
    return attribute?.kind === 'ints' ? attribute.value : null;
  }

  /** Refuses a node whose attribute asks for what this operator does not do. */
  require(name: string, allowed: string): void {
    const attribute = this.#attributes[name];
    if (attribute?.kind === 'string' && attribute.value !== allowed)
      throw unusableModel(`${this.#opType} with ${name} ${attribute.value} is not supported`);
  }
}

export type Operator = (inputs: NodeInputs) => Tensor;

export function isIntegers(value: Value): value is Integers {
  return 'integers' in value;
}
