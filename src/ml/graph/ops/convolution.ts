import { emitReshape, emitSlice, emitTranspose } from '../emit.ts';
import type { Graph, Value } from '../graph.ts';
import { ints } from '../onnxModel.ts';
import { dimAt, staticShape } from '../shape.ts';
import type { Tape } from '../tape.ts';
import { emitGemm } from '../emit.ts';
import { type ConvolutionPlan, planConvolution, weightGradientOverhang } from './convolutionPlan.ts';

const CHANNEL_FIRST = [1, 0, 2, 3];

/** Dense convolution without bias: x [C, N, H, W], weight [O, C, k, k], padding (k − 1)/2; result [O, N, ⌈H/s⌉, ⌈W/s⌉]. */
export function convolution(tape: Tape, x: Value, weight: Value, stride: number): Value {
  const { graph } = tape;
  const plan = planConvolution(x, weight, stride);
  const { batch, kernel, padding, outHeight, outWidth } = plan;
  const out = dimAt(weight.shape, 0);
  const images = emitTranspose(graph, x, CHANNEL_FIRST);
  const maps = graph.node('Conv', [images, weight], [batch, out, outHeight, outWidth], {
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

function emitInputGradient(graph: Graph, plan: ConvolutionPlan, dy: Value, weight: Value): Value {
  const { batch, channels, height, width, kernel, stride, padding, outHeight, outWidth } = plan;
  const rest = (size: number, out: number): number => size - ((out - 1) * stride + kernel - 2 * padding);
  const images = graph.node(
    'ConvTranspose',
    [emitTranspose(graph, dy, CHANNEL_FIRST), weight],
    [batch, channels, height, width],
    {
      kernel_shape: ints([kernel, kernel]),
      strides: ints([stride, stride]),
      pads: ints([padding, padding, padding, padding]),
      output_padding: ints([rest(height, outHeight), rest(width, outWidth)]),
    },
  );
  return emitTranspose(graph, images, CHANNEL_FIRST);
}

/** Channels of x become images, images become channels, dy becomes the kernel, the stride its dilation. */
function emitWeightGradient(graph: Graph, plan: ConvolutionPlan, x: Value, dy: Value): Value {
  const { channels, kernel, stride, padding, outHeight, outWidth } = plan;
  const { bottom, right } = weightGradientOverhang(plan);
  const out = dimAt(dy.shape, 0);
  const size = [kernel + Math.max(0, -bottom), kernel + Math.max(0, -right)];
  const whole = graph.node('Conv', [x, dy], [channels, out, ...size], {
    kernel_shape: ints([outHeight, outWidth]),
    dilations: ints([stride, stride]),
    pads: ints([padding, padding, Math.max(0, bottom), Math.max(0, right)]),
  });
  return emitTranspose(graph, emitCrop(graph, whole, kernel), CHANNEL_FIRST);
}

/** The first k rows and columns of the last two axes. */
export function emitCrop(graph: Graph, maps: Value, kernel: number): Value {
  const shape = staticShape(maps.shape);
  const [a = 1, b = 1, height, width] = shape;
  if (height === kernel && width === kernel) return maps;
  return emitSlice(
    graph,
    maps,
    [
      { axis: 2, from: 0, to: kernel },
      { axis: 3, from: 0, to: kernel },
    ],
    [a, b, kernel, kernel],
  );
}

/** 1×1 convolution without bias as one Gemm: x [C, N, H, W], weight [O, C]. */
export function pointwise(tape: Tape, x: Value, weight: Value): Value {
  const { graph } = tape;
  const [channels = 1, ...rest] = staticShape(x.shape);
  const [out = 1] = staticShape(weight.shape);
  const pixels = rest.reduce((product, dim) => product * dim, 1);
  const flat = emitReshape(graph, x, [channels, pixels]);
  const y = emitReshape(graph, emitGemm(graph, weight, flat), [out, ...rest]);
  return tape.record(
    y,
    [x, weight],
    [
      (dy) => {
        const rows = emitReshape(graph, dy, [out, pixels]);
        return emitReshape(graph, emitGemm(graph, weight, rows, { a: true }), [channels, ...rest]);
      },
      (dy) => emitGemm(graph, emitReshape(graph, dy, [out, pixels]), flat, { b: true }),
    ],
  );
}
