import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../../src/ml/graph/graph.ts';
import { countMultiplyAdds } from '../../../../src/ml/graph/multiplyAdds.ts';
import { int, ints } from '../../../../src/ml/graph/onnxModel.ts';
import { readOnnx } from '../../../../src/ml/graph/readOnnx.ts';

const model = (name: string): ReturnType<typeof readOnnx> =>
  readOnnx(
    readFileSync(fileURLToPath(new URL(`../../../../resources/models/${name}.onnx`, import.meta.url))),
  );

describe('multiply-adds', () => {
  it('of a strided, padded, grouped convolution and of matrix products are those of the textbook', () => {
    const graph = new Graph();
    const x = graph.input('x', ['n', 4, 9, 7]);
    const w = graph.initializer('w', new Float32Array(6 * 2 * 9), [6, 2, 3, 3]);
    const y = graph.node('Conv', [x, w], ['n', 6, 5, 4], {
      group: int(2),
      kernel_shape: ints([3, 3]),
      strides: ints([2, 2]),
      pads: ints([1, 1, 1, 1]),
    });
    const flat = graph.node('Flatten', [y], ['n', 120], { axis: int(1) });
    const m = graph.initializer('m', new Float32Array(120 * 5), [120, 5]);
    const product = graph.node('MatMul', [flat, m], ['n', 5]);
    graph.output('out', graph.node('Gemm', [product, product], [5, 5], { transA: int(1) }));
    const convolution = 3 * 6 * 5 * 4 * (2 * 3 * 3);
    expect(countMultiplyAdds(graph.model(), { x: [3, 4, 9, 7] })).toBe(convolution + 3 * 120 * 5 + 5 * 5 * 3);
  });

  it('of MobileNetV3-Small at 224² with 1,000 classes are near the 56 million of its paper', () => {
    // Two classes here: 1024 × 998 multiply-adds fewer.
    const adrenal = model('adrenal-shape/classifier');
    const inputs = { frames: [1, 1, 224, 224], carry: [1, 576], share: [1] };
    const count = countMultiplyAdds(adrenal, inputs) ?? 0;
    expect((count + 1024 * 998) / 1e6).toBeGreaterThan(52);
    expect((count + 1024 * 998) / 1e6).toBeLessThan(60);
  });

  it('grow with the frames, and are counted for the shipped samplers', () => {
    const count = (T: number): number =>
      countMultiplyAdds(model('general/sampler'), {
        perFrame: [T, 29],
        pooled: [1, 28],
        anchor: [T],
        slots: [4, 1],
      }) ?? NaN;
    expect(count(20) - count(10)).toBe(10 * (29 * 32 + 32));
  });

  it('are not guessed for an operator that is not known', () => {
    const graph = new Graph();
    graph.output('out', graph.node('Mystery', [graph.input('x', [1])], [1]));
    expect(countMultiplyAdds(graph.model(), { x: [1] })).toBeNull();
  });
});
