import { emitPadEnd, emitReshape, emitSlice, emitTranspose } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { int, ints } from '../onnxModel.ts';
import { elementCount } from '../shape.ts';
import type { Tape } from '../tape.ts';
import { emitCrop } from './convolution.ts';
import { type ConvolutionPlan, planConvolution, weightGradientOverhang } from './convolutionPlan.ts';
import { depthwiseByMatrix } from './depthwiseMatrix.ts';

const CHANNEL_FIRST = [1, 0, 2, 3];
/** Up to this many pairs of input and output pixels a matrix product is faster than a convolution. */
const MATRIX_LIMIT = 10_000;

/**
 * Depthwise convolution without bias: x [C, N, H, W], weight [C, 1, k, k], padding (k − 1)/2.
 * Small maps go through matrices, because convolution kernels are slow on them; `matrixLimit` moves the border.
 */
export function depthwise(
  tape: Tape,
  x: Value,
  weight: Value,
  stride: number,
  matrixLimit = MATRIX_LIMIT,
): Value {
  const plan = planConvolution(x, weight, stride);
  const pairs = plan.height * plan.width * plan.outHeight * plan.outWidth;
  return pairs <= matrixLimit
    ? depthwiseByMatrix(tape, x, weight, plan)
    : depthwiseByConvolution(tape, x, weight, plan);
}

function depthwiseByConvolution(tape: Tape, x: Value, weight: Value, plan: ConvolutionPlan): Value {
  const { graph } = tape;
  const { channels, batch, kernel, stride, padding, outHeight, outWidth } = plan;
  const images = emitTranspose(graph, x, CHANNEL_FIRST);
  const maps = graph.node('Conv', [images, weight], [batch, channels, outHeight, outWidth], {
    group: int(channels),
    kernel_shape: ints([kernel, kernel]),
    strides: ints([stride, stride]),
    pads: ints([padding, padding, padding, padding]),
  });
  return tape.record(
    emitTranspose(graph, maps, CHANNEL_FIRST),
    [x, weight],
    [(dy) => emitInputGradient(graph, plan, dy, weight), (dy) => emitWeightGradient(graph, plan, x, dy)],
  );
}

/** Zeros between the entries of dy undo the stride; a convolution with the turned kernel does the rest. */
function emitInputGradient(graph: Graph, plan: ConvolutionPlan, dy: Value, weight: Value): Value {
  const { channels, batch, height, width, kernel, stride, padding } = plan;
  const spread = emitSpread(graph, emitTranspose(graph, dy, CHANNEL_FIRST), plan);
  const bottom = height + padding - plan.outHeight * stride;
  const right = width + padding - plan.outWidth * stride;
  const fitting = [
    plan.outHeight * stride + Math.min(0, bottom),
    plan.outWidth * stride + Math.min(0, right),
  ];
  const cut =
    bottom >= 0 && right >= 0
      ? spread
      : emitSlice(
          graph,
          spread,
          fitting.map((to, i) => ({ axis: 2 + i, from: 0, to })),
          [batch, channels, ...fitting],
        );
  const images = graph.node('Conv', [cut, emitTurned(graph, weight)], [batch, channels, height, width], {
    group: int(channels),
    kernel_shape: ints([kernel, kernel]),
    pads: ints([padding, padding, Math.max(0, bottom), Math.max(0, right)]),
  });
  return emitTranspose(graph, images, CHANNEL_FIRST);
}

/** [N, C, h, w] to [N, C, h·s, w·s] with s − 1 zeros after every entry, in both directions. */
function emitSpread(graph: Graph, maps: Value, plan: ConvolutionPlan): Value {
  const { channels, batch, stride, outHeight, outWidth } = plan;
  if (stride === 1) return maps;
  const planes = batch * channels;
  const columns = emitPadEnd(
    graph,
    emitReshape(graph, maps, [planes * outHeight, outWidth, 1]),
    2,
    stride - 1,
  );
  const rows = emitReshape(graph, columns, [planes, outHeight, 1, outWidth * stride]);
  const padded = emitPadEnd(graph, rows, 2, stride - 1);
  return emitReshape(graph, padded, [batch, channels, outHeight * stride, outWidth * stride]);
}

/** The kernel turned by 180 degrees. */
function emitTurned(graph: Graph, weight: Value): Value {
  const beforeStart = -elementCount(weight.shape) - 1;
  const reversed = { from: -1, to: beforeStart, step: -1 } as const;
  return emitSlice(
    graph,
    weight,
    [
      { axis: 2, ...reversed },
      { axis: 3, ...reversed },
    ],
    weight.shape,
  );
}

/** Images become channels of one image, dy becomes the kernel, the stride its dilation. */
function emitWeightGradient(graph: Graph, plan: ConvolutionPlan, x: Value, dy: Value): Value {
  const { channels, batch, height, width, kernel, stride, padding, outHeight, outWidth } = plan;
  const { bottom, right } = weightGradientOverhang(plan);
  const stacked = emitReshape(graph, x, [1, channels * batch, height, width]);
  const size = [kernel + Math.max(0, -bottom), kernel + Math.max(0, -right)];
  const whole = graph.node('Conv', [stacked, dy], [1, channels, ...size], {
    group: int(channels),
    kernel_shape: ints([outHeight, outWidth]),
    dilations: ints([stride, stride]),
    pads: ints([padding, padding, Math.max(0, bottom), Math.max(0, right)]),
  });
  return emitReshape(graph, emitCrop(graph, whole, kernel), [channels, 1, kernel, kernel]);
}
