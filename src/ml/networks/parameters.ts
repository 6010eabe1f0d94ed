/** Weights of a network: what they are, how they start, and how a graph gets hold of them. */
import type { Value } from '../graph/graph.ts';
import { elementCount, graphFault, showShape } from '../graph/shape.ts';
import type { Graph } from '../graph/graph.ts';
import type { Tape } from '../graph/tape.ts';

/** Normal distribution that the entries are drawn from; deviation 0 is a constant. */
export interface Start {
  readonly mean: number;
  readonly deviation: number;
}

export const ZERO: Start = { mean: 0, deviation: 0 };
export const ONE: Start = { mean: 1, deviation: 0 };
export const normal = (deviation: number): Start => ({ mean: 0, deviation });

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: Start;
}

/** Trained numbers by name: parameters, and the running statistics of batch normalisation. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** A network asks for its parameters by name and does not know whether they are trained or fixed. */
export interface ParameterSource {
  parameter(name: string, shape: readonly number[], start: Start): Value;
}

/** Parameters as inputs of a training graph. */
export class TrainedParameters implements ParameterSource {
  readonly specs: ParameterSpec[] = [];
  readonly values: Value[] = [];
  readonly #tape: Tape;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  parameter(name: string, shape: readonly number[], start: Start): Value {
    const value = this.#tape.parameter(name, shape);
    this.specs.push({ name, shape, start });
    this.values.push(value);
    return value;
  }
}

/** Parameters as constants of an inference graph. */
export class FixedParameters implements ParameterSource {
  readonly #graph: Graph;
  readonly #weights: Weights;

  constructor(graph: Graph, weights: Weights) {
    this.#graph = graph;
    this.#weights = weights;
  }

  parameter(name: string, shape: readonly number[]): Value {
    return this.#graph.initializer(name, weightOf(this.#weights, name, shape), shape);
  }
}

/** @throws KeysliceError INTERNAL when the weight is missing or of another size. */
export function weightOf(weights: Weights, name: string, shape: readonly number[]): Float32Array {
  const weight = weights.get(name);
  if (weight?.length !== elementCount(shape)) {
    throw graphFault(`there is no weight ${name} of shape ${showShape(shape)}`);
  }
  return weight;
}
