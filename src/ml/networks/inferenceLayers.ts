import { emitBinary } from '../graph/emit.ts';
import type { Graph, Value } from '../graph/graph.ts';
import { float, int, ints } from '../graph/onnxModel.ts';
import { type Dim, graphFault, showShape } from '../graph/shape.ts';
import {
  type Activation,
  type ConvolutionSpec,
  type ImageLayers,
  NORM_EPSILON,
  kernelShape,
} from './imageLayers.ts';
import { type Weights, weightOf } from './parameters.ts';

interface MapShape {
  readonly images: Dim;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Layers over maps [N, C, H, W], N open, with batch normalisation folded into weights and biases. */
export class InferenceLayers implements ImageLayers {
  readonly #graph: Graph;
  readonly #weights: Weights;

  constructor(graph: Graph, weights: Weights) {
    this.#graph = graph;
    this.#weights = weights;
  }

  convolution(name: string, x: Value, spec: ConvolutionSpec): Value {
    const { channels } = mapShape(x);
    const { weight, bias } = foldNormalization(this.#weights, name, kernelShape(spec, channels));
    const dims = [spec.channels, spec.kind === 'depthwise' ? 1 : channels, spec.kernel, spec.kernel];
    const y = this.#convolve(
      name,
      x,
      { weight, bias, dims },
      spec.stride,
      spec.kind === 'depthwise' ? channels : 1,
    );
    return this.#activate(y, spec.activation);
  }

  squeezeExcite(name: string, x: Value, width: number): Value {
    const { images, channels } = mapShape(x);
    const means = this.#graph.node('GlobalAveragePool', [x], [images, channels, 1, 1]);
    const squeezed = this.#activate(this.#dense(`${name}/reduce`, means, channels, width), 'relu');
    return emitBinary(
      this.#graph,
      'Mul',
      x,
      this.#gate(this.#dense(`${name}/expand`, squeezed, width, channels)),
    );
  }

  add(a: Value, b: Value): Value {
    return emitBinary(this.#graph, 'Add', a, b);
  }

  pool(x: Value): Value {
    const { images, channels } = mapShape(x);
    const means = this.#graph.node('GlobalAveragePool', [x], [images, channels, 1, 1]);
    return this.#graph.node('Flatten', [means], [images, channels], { axis: int(1) });
  }

  channels(x: Value): number {
    return mapShape(x).channels;
  }

  /** A 1×1 convolution with bias, of maps with one pixel. */
  #dense(name: string, x: Value, inputs: number, outputs: number): Value {
    const weight = weightOf(this.#weights, `${name}/weight`, [outputs, inputs]);
    const bias = weightOf(this.#weights, `${name}/bias`, [outputs]);
    return this.#convolve(name, x, { weight, bias, dims: [outputs, inputs, 1, 1] }, 1, 1);
  }

  #convolve(
    name: string,
    x: Value,
    { weight, bias, dims }: { weight: Float32Array; bias: Float32Array; dims: readonly number[] },
    stride: number,
    group: number,
  ): Value {
    const { images, height, width } = mapShape(x);
    const [outputs = 0, , kernel = 1] = dims;
    const padding = (kernel - 1) / 2;
    return this.#graph.node(
      'Conv',
      [
        x,
        this.#graph.initializer(`${name}/weight`, weight, dims),
        this.#graph.initializer(`${name}/bias`, bias, [outputs]),
      ],
      [images, outputs, Math.ceil(height / stride), Math.ceil(width / stride)],
      {
        group: int(group),
        kernel_shape: ints([kernel, kernel]),
        strides: ints([stride, stride]),
        pads: ints([padding, padding, padding, padding]),
      },
    );
  }

  #activate(x: Value, activation: Activation): Value {
    if (activation === 'none') return x;
    if (activation === 'relu') return this.#graph.node('Relu', [x], x.shape);
    return emitBinary(this.#graph, 'Mul', x, this.#gate(x));
  }

  #gate(x: Value): Value {
    return this.#graph.node('HardSigmoid', [x], x.shape, { alpha: float(1 / 6), beta: float(0.5) });
  }
}

function mapShape(x: Value): MapShape {
  const [images, channels, height, width] = x.shape;
  if (
    images === undefined ||
    typeof channels !== 'number' ||
    typeof height !== 'number' ||
    typeof width !== 'number'
  ) {
    throw graphFault(`${showShape(x.shape)} is not [N, C, H, W]`);
  }
  return { images, channels, height, width };
}

/** γ·(w∗x − μ)/√(σ² + ε) + β as one convolution with bias; computed in double precision. */
function foldNormalization(
  weights: Weights,
  name: string,
  shape: readonly number[],
): { weight: Float32Array; bias: Float32Array } {
  const [channels = 0] = shape;
  const kernel = weightOf(weights, `${name}/weight`, shape);
  const vector = (part: string): Float32Array => weightOf(weights, `${name}/${part}`, [channels]);
  const [gamma, beta, mean, variance] = [vector('gamma'), vector('beta'), vector('mean'), vector('variance')];
  const perChannel = kernel.length / channels;
  const factor = gamma.map((g, c) => g / Math.sqrt(variance[c]! + NORM_EPSILON));
  return {
    weight: kernel.map((w, i) => w * factor[Math.floor(i / perChannel)]!),
    bias: beta.map((b, c) => b - mean[c]! * factor[c]!),
  };
}
