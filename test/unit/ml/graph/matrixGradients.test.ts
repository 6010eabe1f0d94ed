import { describe, expect, it } from 'vitest';
import { multiply } from '../../../../src/ml/graph/ops/arithmetic.ts';
import { linear, matMul } from '../../../../src/ml/graph/ops/matrix.ts';
import { crossEntropy } from '../../../../src/ml/graph/ops/probability.ts';
import { mean, reshape, swapLast, transpose } from '../../../../src/ml/graph/ops/shaping.ts';
import { type GradientCase, gradientError } from './checkGradients.ts';

const matrices = (...shapes: number[][]): GradientCase => ({
  shapes,
  build: (tape, a, b) => matMul(tape, a, b),
});

const CASES: Record<string, GradientCase> = {
  'matrix · matrix': matrices([3, 4], [4, 2]),
  'stack · stack': matrices([2, 3, 4], [2, 4, 2]),
  'stack · matrix': matrices([2, 3, 4], [4, 5]),
  'matrix · stack': matrices([3, 4], [2, 4, 2]),
  'one-stack · stack': matrices([1, 3, 4], [2, 4, 2]),
  linear: { shapes: [[2, 3, 4], [4, 5], [5]], build: (tape, x, w, b) => linear(tape, x, w, b) },
  reshape: {
    shapes: [[2, 6]],
    build: (tape, x) => multiply(tape, reshape(tape, x, [3, 4]), reshape(tape, x, [3, 4])),
  },
  transpose: { shapes: [[2, 3, 4]], build: (tape, x) => transpose(tape, x, [2, 0, 1]) },
  'swap last': { shapes: [[2, 3, 4]], build: (tape, x) => swapLast(tape, x) },
  'mean over the last axis': { shapes: [[2, 3, 4]], build: (tape, x) => mean(tape, x, -1) },
  'mean over an inner axis': {
    shapes: [[2, 3, 4]],
    build: (tape, x) => multiply(tape, mean(tape, x, 1), x),
  },
  'cross entropy with weighted, smoothed targets': {
    shapes: [[3, 4]],
    build: (tape, x) => {
      const target = Float32Array.of(0.9, 0.1, 0, 0, 0, 2, 0, 0, 0.25, 0.25, 0.25, 0.25);
      return crossEntropy(tape, x, tape.graph.constant(target, [3, 4]));
    },
  },
};

describe('gradients of matrix and probability operations agree with central differences', () => {
  it.each(Object.entries(CASES))('%s', async (_, testCase) => {
    expect(await gradientError(testCase, 2)).toBeLessThan(2e-3);
  });
});
