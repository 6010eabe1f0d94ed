import { emitReshape } from '../graph/emit.ts';
import type { Value } from '../graph/graph.ts';
import { hardSigmoid, hardSwish, relu } from '../graph/ops/activations.ts';
import { add, multiply } from '../graph/ops/arithmetic.ts';
import { batchNorm } from '../graph/ops/batchNorm.ts';
import { convolution, pointwise } from '../graph/ops/convolution.ts';
import { depthwise } from '../graph/ops/depthwise.ts';
import { matMul } from '../graph/ops/matrix.ts';
import { reshape, swapLast } from '../graph/ops/shaping.ts';
import { staticShape } from '../graph/shape.ts';
import type { Tape } from '../graph/tape.ts';
import { type ConvolutionSpec, type ImageLayers, NORM_EPSILON, kernelShape } from './imageLayers.ts';
import { ONE, type ParameterSource, ZERO, normal } from './parameters.ts';

/** Batch statistics of one normalisation, which inference needs the running average of. */
export interface BatchStatistics {
  readonly name: string;
  readonly channels: number;
  readonly mean: Value;
  readonly variance: Value;
}

/** Layers over maps [C, N, H, W] with batch statistics and gradients. */
export class TrainingLayers implements ImageLayers {
  readonly statistics: BatchStatistics[] = [];
  readonly #tape: Tape;
  readonly #source: ParameterSource;

  constructor(tape: Tape, source: ParameterSource) {
    this.#tape = tape;
    this.#source = source;
  }

  convolution(name: string, x: Value, spec: ConvolutionSpec): Value {
    const shape = kernelShape(spec, this.channels(x));
    const fanOut = spec.channels * spec.kernel * spec.kernel;
    const weight = this.#source.parameter(`${name}/weight`, shape, normal(Math.sqrt(2 / fanOut)));
    const y = this.#normalize(name, this.#convolve(x, weight, spec));
    if (spec.activation === 'none') return y;
    return spec.activation === 'relu' ? relu(this.#tape, y) : hardSwish(this.#tape, y);
  }

  squeezeExcite(name: string, x: Value, width: number): Value {
    const channels = this.channels(x);
    const squeezed = relu(this.#tape, this.#dense(`${name}/reduce`, this.#channelMeans(x), channels, width));
    const gate = hardSigmoid(this.#tape, this.#dense(`${name}/expand`, squeezed, width, channels));
    return multiply(this.#tape, x, this.#overPixels(gate, x));
  }

  add(a: Value, b: Value): Value {
    return add(this.#tape, a, b);
  }

  pool(x: Value): Value {
    return swapLast(this.#tape, this.#channelMeans(x));
  }

  channels(x: Value): number {
    return staticShape(x.shape)[0] ?? 0;
  }

  #convolve(x: Value, weight: Value, spec: ConvolutionSpec): Value {
    if (spec.kind === 'pointwise') return pointwise(this.#tape, x, weight);
    return (spec.kind === 'dense' ? convolution : depthwise)(this.#tape, x, weight, spec.stride);
  }

  #normalize(name: string, x: Value): Value {
    const channels = this.channels(x);
    const gamma = this.#source.parameter(`${name}/gamma`, [channels], ONE);
    const beta = this.#source.parameter(`${name}/beta`, [channels], ZERO);
    const { y, mean: batchMean, variance } = batchNorm(this.#tape, x, gamma, beta, NORM_EPSILON);
    this.statistics.push({ name, channels, mean: batchMean, variance });
    return y;
  }

  // Over the few pixels of small maps a product with a vector is ten times faster than ReduceMean's gradient or a
  // broadcast.

  /** [C, N, H, W] to [C, N]. */
  #channelMeans(x: Value): Value {
    const { channels, batch, pixels } = mapSize(x);
    const shares = this.#tape.graph.constant(new Float32Array(pixels).fill(1 / pixels), [pixels, 1]);
    const flat = reshape(this.#tape, x, [channels * batch, pixels]);
    return reshape(this.#tape, matMul(this.#tape, flat, shares), [channels, batch]);
  }

  /** [C, N] repeated over the pixels of `like`. */
  #overPixels(x: Value, like: Value): Value {
    const { channels, batch, pixels } = mapSize(like);
    const ones = this.#tape.graph.constant(new Float32Array(pixels).fill(1), [1, pixels]);
    const repeated = matMul(this.#tape, reshape(this.#tape, x, [channels * batch, 1]), ones);
    return reshape(this.#tape, repeated, staticShape(like.shape));
  }

  /** weight·x + bias over columns: x [in, N], weight [out, in]. */
  #dense(name: string, x: Value, inputs: number, outputs: number): Value {
    const weight = this.#source.parameter(
      `${name}/weight`,
      [outputs, inputs],
      normal(Math.sqrt(2 / outputs)),
    );
    const bias = this.#source.parameter(`${name}/bias`, [outputs], ZERO);
    const column = this.#tape.record(
      emitReshape(this.#tape.graph, bias, [outputs, 1]),
      [bias],
      [(dy) => emitReshape(this.#tape.graph, dy, [outputs])],
    );
    return add(this.#tape, matMul(this.#tape, weight, x), column);
  }
}

function mapSize(x: Value): { channels: number; batch: number; pixels: number } {
  const [channels = 1, batch = 1, height = 1, width = 1] = staticShape(x.shape);
  return { channels, batch, pixels: height * width };
}
