import { type Value } from '../graph.ts';
import { graphFault, showShape, staticShape } from '../shape.ts';

/** Sizes of one convolution over channel-first maps x [C, N, H, W] with odd square kernels and padding (k − 1)/2. */
export interface ConvolutionPlan {
  readonly channels: number;
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** ceil(size / stride). */
  readonly outHeight: number;
  readonly outWidth: number;
}

export function planConvolution(x: Value, weight: Value, stride: number): ConvolutionPlan {
  const [channels, batch, height, width] = staticShape(x.shape);
  const [, , kernel, kernelWidth] = staticShape(weight.shape);
  if (channels === undefined || batch === undefined || height === undefined || width === undefined) {
    throw graphFault(`${showShape(x.shape)} is not [C, N, H, W]`);
  }
  if (kernel === undefined || kernel !== kernelWidth || kernel % 2 === 0) {
    throw graphFault(`${showShape(weight.shape)} is not an odd square kernel`);
  }
  return {
    channels,
    batch,
    height,
    width,
    kernel,
    stride,
    padding: (kernel - 1) / 2,
    outHeight: Math.ceil(height / stride),
    outWidth: Math.ceil(width / stride),
  };
}

/** What must be appended so that a kernel as large as the result, dilated by the stride, fits exactly k times. */
export function weightGradientOverhang(plan: ConvolutionPlan): { bottom: number; right: number } {
  const overhang = (size: number, out: number): number =>
    (out - 1) * plan.stride + plan.kernel - size - plan.padding;
  return {
    bottom: overhang(plan.height, plan.outHeight),
    right: overhang(plan.width, plan.outWidth),
  };
}
