/**
 * Reverse-mode differentiation that emits ONNX: every operation writes its forward node at once and leaves behind how
 * a gradient flows back through it; `gradients` then writes the backward nodes into the same graph.
 */
import { Graph, type Value, requireShape } from './graph.ts';
import { graphFault, sameShape } from './shape.ts';

/** From the gradient of an operation's result to the gradient of one of its inputs, of the input's shape. */
export type Backward = (gradient: Value) => Value;

interface Step {
  readonly output: Value;
  readonly inputs: readonly Value[];
  readonly backward: readonly Backward[];
}

export class Tape {
  readonly graph = new Graph();
  readonly #steps: Step[] = [];
  readonly #differentiable = new Set<string>();

  /** An input of the graph that gradients are wanted for. */
  parameter(name: string, shape: readonly number[]): Value {
    const value = this.graph.input(name, shape);
    this.#differentiable.add(value.name);
    return value;
  }

  /** One function per input; those of inputs that no parameter reaches are never called. */
  record(output: Value, inputs: readonly Value[], backward: readonly Backward[]): Value {
    if (
      inputs.some((input) => this.#differentiable.has(input.name)) &&
      !this.#differentiable.has(output.name)
    ) {
      this.#differentiable.add(output.name);
      this.#steps.push({ output, inputs, backward });
    }
    return output;
  }

  /**
   * Gradients of Σ seed ⊙ output with respect to `parameters`, in their order.
   * @throws KeysliceError INTERNAL when a parameter does not reach the output.
   */
  gradients(output: Value, seed: Value, parameters: readonly Value[]): Value[] {
    requireShape(seed, output.shape);
    const found = new Map<string, Value>([[output.name, seed]]);
    for (const step of this.#steps.toReversed()) this.#propagate(step, found);
    return parameters.map((parameter) => {
      const gradient = found.get(parameter.name);
      if (gradient === undefined) throw graphFault(`${parameter.name} does not reach the output`);
      return gradient;
    });
  }

  #propagate(step: Step, found: Map<string, Value>): void {
    const gradient = found.get(step.output.name);
    if (gradient === undefined) return;
    step.inputs.forEach((input, i) => {
      const backward = step.backward[i];
      if (backward === undefined || !this.#differentiable.has(input.name)) return;
      const part = backward(gradient);
      if (!sameShape(part.shape, input.shape))
        throw graphFault(`the gradient of ${input.name} lost its shape`);
      const sum = found.get(input.name);
      found.set(input.name, sum === undefined ? part : this.graph.node('Add', [sum, part], input.shape));
    });
  }
}
