import { emitGemm, emitMatMul, emitReshape, emitSwapLast } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { int } from '../onnxModel.ts';
import type { Tape } from '../tape.ts';
import type { ConvolutionPlan } from './convolutionPlan.ts';

/** Which kernel entry joins input pixel i and output pixel o, for all pairs; k² where none does. */
function kernelEntries(plan: ConvolutionPlan): number[] {
  const { height, width, kernel, stride, padding, outHeight, outWidth } = plan;
  const entries: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let v = 0; v < outHeight; v++) {
        for (let u = 0; u < outWidth; u++) {
          const row = y - v * stride + padding;
          const column = x - u * stride + padding;
          const inside = row >= 0 && row < kernel && column >= 0 && column < kernel;
          entries.push(inside ? row * kernel + column : kernel * kernel);
        }
      }
    }
  }
  return entries;
}

/** [pairs, k²], one 1 in every row whose pair meets in the kernel. */
function entryIndicators(entries: readonly number[], kernelArea: number): Float32Array {
  const indicators = new Float32Array(entries.length * kernelArea);
  entries.forEach((entry, pair) => {
    if (entry < kernelArea) indicators[pair * kernelArea + entry] = 1;
  });
  return indicators;
}

/** The Toeplitz matrices [C, in, out] of all channels, gathered from weight [C, 1, k, k] and a zero. */
function emitToeplitz(graph: Graph, plan: ConvolutionPlan, weight: Value, entries: readonly number[]): Value {
  const { channels, kernel, height, width } = plan;
  const area = kernel * kernel;
  const zero = graph.constant(new Float32Array(channels), [channels, 1]);
  const extended = graph.node(
    'Concat',
    [emitReshape(graph, weight, [channels, area]), zero],
    [channels, area + 1],
    {
      axis: int(1),
    },
  );
  const gathered = graph.node('Gather', [extended, graph.indices(entries)], [channels, entries.length], {
    axis: int(1),
  });
  return emitReshape(graph, gathered, [channels, height * width, entries.length / (height * width)]);
}

/** Depthwise convolution of small maps as one batched matrix product per direction. */
export function depthwiseByMatrix(tape: Tape, x: Value, weight: Value, plan: ConvolutionPlan): Value {
  const { graph } = tape;
  const { channels, batch, height, width, kernel, outHeight, outWidth } = plan;
  const inputs = height * width;
  const outputs = outHeight * outWidth;
  const entries = kernelEntries(plan);
  const matrix = emitToeplitz(graph, plan, weight, entries);
  const rows = emitReshape(graph, x, [channels, batch, inputs]);
  const flat = (dy: Value): Value => emitReshape(graph, dy, [channels, batch, outputs]);
  const y = emitReshape(graph, emitMatMul(graph, rows, matrix), [channels, batch, outHeight, outWidth]);
  return tape.record(
    y,
    [x, weight],
    [
      (dy) => {
        const back = emitMatMul(graph, flat(dy), emitSwapLast(graph, matrix));
        return emitReshape(graph, back, [channels, batch, height, width]);
      },
      (dy) => {
        const slope = emitMatMul(graph, emitSwapLast(graph, rows), flat(dy));
        const area = kernel * kernel;
        const indicators = graph.constant(entryIndicators(entries, area), [inputs * outputs, area]);
        const sums = emitGemm(graph, emitReshape(graph, slope, [channels, inputs * outputs]), indicators);
        return emitReshape(graph, sums, [channels, 1, kernel, kernel]);
      },
    ],
  );
}
