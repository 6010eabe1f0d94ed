import { describe, expect, it } from 'vitest';
import {
  hardSigmoid,
  hardSwish,
  relu,
  sigmoid,
  softplus,
  tanh,
} from '../../../../src/ml/graph/ops/activations.ts';
import {
  add,
  divide,
  multiply,
  scale,
  shift,
  squareRoot,
  subtract,
} from '../../../../src/ml/graph/ops/arithmetic.ts';
import { concat, sum } from '../../../../src/ml/graph/ops/shaping.ts';
import { type GradientCase, gradientError } from './checkGradients.ts';

/** Away from 0 and ±3, where the slope jumps. */
const offTheKinks = (random: () => number): number => {
  const value = 10 * random() - 5;
  return [-3, 0, 3].some((kink) => Math.abs(value - kink) < 0.1) ? 1 : value;
};
const positive = (random: () => number): number => 0.5 + random();

const pair = (build: GradientCase['build'], draw?: GradientCase['draw']): GradientCase => ({
  shapes: [
    [2, 1, 3],
    [4, 3],
  ],
  build,
  ...(draw === undefined ? {} : { draw }),
});
const single = (build: GradientCase['build'], draw: NonNullable<GradientCase['draw']>): GradientCase => ({
  shapes: [[3, 5]],
  build,
  draw,
});

const CASES: Record<string, GradientCase> = {
  'add, broadcast both ways': pair((tape, a, b) => add(tape, a, b)),
  'subtract, broadcast both ways': pair((tape, a, b) => subtract(tape, a, b)),
  'multiply, broadcast both ways': pair((tape, a, b) => multiply(tape, a, b)),
  'multiply by itself': { shapes: [[4]], build: (tape, a) => multiply(tape, a, a) },
  'divide, broadcast both ways': pair((tape, a, b) => divide(tape, a, b), positive),
  scale: { shapes: [[3]], build: (tape, a) => scale(tape, a, -2.5) },
  shift: { shapes: [[3]], build: (tape, a) => multiply(tape, shift(tape, a, 0.7), a) },
  'square root': single((tape, a) => squareRoot(tape, a), positive),
  relu: single((tape, a) => relu(tape, a), offTheKinks),
  'hard sigmoid': single((tape, a) => hardSigmoid(tape, a), offTheKinks),
  'hard swish': single((tape, a) => hardSwish(tape, a), offTheKinks),
  sigmoid: single((tape, a) => sigmoid(tape, a), offTheKinks),
  tanh: single((tape, a) => tanh(tape, a), offTheKinks),
  sum: { shapes: [[2, 3, 4]], build: (tape, a) => multiply(tape, sum(tape, a, 1), a) },
  concat: {
    shapes: [
      [2, 1, 3],
      [2, 2, 3],
    ],
    build: (tape, a, b) => concat(tape, [a, b, a], 1),
  },
  softplus: single((tape, a) => softplus(tape, a), offTheKinks),
};

describe('gradients of element-wise operations agree with central differences', () => {
  it.each(Object.entries(CASES))('%s', async (_, testCase) => {
    expect(await gradientError(testCase, 1)).toBeLessThan(2e-3);
  });
});
