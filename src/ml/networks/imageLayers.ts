import type { Value } from '../graph/graph.ts';

export type Activation = 'relu' | 'hardSwish' | 'none';

export interface ConvolutionSpec {
  readonly kind: 'dense' | 'pointwise' | 'depthwise';
  /** Of the result; a depthwise convolution keeps the channels of its input. */
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly activation: Activation;
}

/**
 * The layers that a convolutional network is described with, once. Training writes them channel first with batch
 * statistics and gradients, inference as plain convolutions with the normalisation folded in.
 */
export interface ImageLayers {
  /** Convolution without bias, batch normalisation, activation; padding (k − 1)/2. */
  convolution(name: string, x: Value, spec: ConvolutionSpec): Value;
  /** Squeeze and excitation with ReLU and hard-sigmoid (Howard et al. 2019, section 5.3). */
  squeezeExcite(name: string, x: Value, width: number): Value;
  add(a: Value, b: Value): Value;
  /** Mean over the pixels: one row of channels per image, [N, C]. */
  pool(x: Value): Value;
  channels(x: Value): number;
}

/** Epsilon of batch normalisation in MobileNetV3. */
export const NORM_EPSILON = 1e-3;
/** Shape of a convolution's weight. */
export function kernelShape(spec: ConvolutionSpec, inputChannels: number): readonly number[] {
  if (spec.kind === 'pointwise') return [spec.channels, inputChannels];
  return [spec.channels, spec.kind === 'depthwise' ? 1 : inputChannels, spec.kernel, spec.kernel];
}
