import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src/ml/graph/graph.ts';
import { add } from '../../../../src/ml/graph/ops/arithmetic.ts';
import { matMul } from '../../../../src/ml/graph/ops/matrix.ts';
import { broadcastShape } from '../../../../src/ml/graph/shape.ts';
import { Tape } from '../../../../src/ml/graph/tape.ts';

describe('building a graph', () => {
  it('writes the same operation on the same values once', () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const twice = [graph.node('Abs', [x], [2]), graph.node('Abs', [x], [2])];
    expect(twice[0]).toBe(twice[1]);
    expect(graph.scalar(3)).toBe(graph.scalar(3));
    expect(graph.model().nodes).toHaveLength(1);
    expect(graph.model().initializers).toHaveLength(1);
  });

  it('broadcasts lengths and named axes as ONNX does', () => {
    expect(broadcastShape(['T', 1], [1, 4])).toEqual(['T', 4]);
    expect(broadcastShape([3], [2, 1, 1])).toEqual([2, 1, 3]);
    expect(() => broadcastShape([3], [4])).toThrow(/do not broadcast/);
    expect(() => broadcastShape(['T'], ['k'])).toThrow(/do not broadcast/);
  });

  it('refuses constants that do not fit their shape, and products that do not meet', () => {
    const tape = new Tape();
    expect(() => tape.graph.constant(Float32Array.of(1), [2])).toThrow(/cannot have the shape/);
    expect(() => matMul(tape, tape.graph.input('a', [2, 3]), tape.graph.input('b', [2, 3]))).toThrow(
      /MatMul/,
    );
  });

  it('knows when a parameter does not reach the output', () => {
    const tape = new Tape();
    const used = tape.parameter('used', [2]);
    const unused = tape.parameter('unused', [2]);
    const y = add(tape, used, used);
    const seed = tape.graph.constant(Float32Array.of(1, 1), [2]);
    expect(() => tape.gradients(y, seed, [unused])).toThrow(/unused does not reach/);
  });

  it('needs lengths where gradients are wanted', () => {
    const tape = new Tape();
    const rows = tape.graph.input('rows', ['n', 2, 3]);
    const y = matMul(tape, rows, tape.parameter('w', [3, 4]));
    expect(y.shape).toEqual(['n', 2, 4]);
    expect(() => tape.gradients(y, y, [{ ...y, name: 'w' }])).toThrow(/length of axis n/);
  });
});
