import {
  float,
  int,
  ints,
  ONNX_IR_VERSION,
  ONNX_OPSET,
  type OnnxNode,
  type OnnxTensor,
} from '../graph/onnxModel.ts';
import { writeOnnx } from '../graph/writeOnnx.ts';
import type { Tensor } from './engine.ts';

const FRAMES = 4;
const SIDE = 56;

/**
 * A small graph in the manner of MobileNetV3 (pointwise and depthwise convolution, hard-swish) on 4 frames of 56²:
 * tells whether a device runs at all, and which of two is faster. Input `x`, output `y`.
 */
export function probeModel(): Uint8Array {
  return writeOnnx({
    irVersion: ONNX_IR_VERSION,
    opset: ONNX_OPSET,
    producer: 'keyslice',
    nodes: [
      convolution('x', 'expand', 'a', 1, 1),
      node('HardSigmoid', ['a'], 'gate', { alpha: float(1 / 6), beta: float(0.5) }),
      node('Mul', ['a', 'gate'], 'b', {}),
      convolution('b', 'depthwise', 'c', 5, 96),
      convolution('c', 'project', 'y', 1, 1),
    ],
    initializers: [
      weights('expand', [96, 16, 1, 1]),
      weights('depthwise', [96, 1, 5, 5]),
      weights('project', [24, 96, 1, 1]),
    ],
    inputs: [{ name: 'x', type: 'float32', shape: [FRAMES, 16, SIDE, SIDE] }],
    outputs: [{ name: 'y', type: 'float32', shape: [FRAMES, 24, SIDE, SIDE] }],
  });
}

export function probeInput(): Tensor {
  const dims = [FRAMES, 16, SIDE, SIDE];
  return { type: 'float32', dims, data: ramp(FRAMES * 16 * SIDE * SIDE) };
}

function node(
  opType: string,
  inputs: string[],
  output: string,
  attributes: OnnxNode['attributes'],
): OnnxNode {
  return { name: output, opType, domain: '', inputs, outputs: [output], attributes };
}

function convolution(x: string, weight: string, y: string, kernel: number, group: number): OnnxNode {
  const padding = (kernel - 1) / 2;
  return node('Conv', [x, weight], y, {
    kernel_shape: ints([kernel, kernel]),
    pads: ints([padding, padding, padding, padding]),
    group: int(group),
  });
}

function weights(name: string, dims: readonly number[]): OnnxTensor {
  return { name, dims, data: ramp(dims.reduce((product, dim) => product * dim, 1)) };
}

/** Values between −½ and ½ without a pattern that a device could profit from. */
function ramp(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => ((index * 7919) % 1009) / 1008 - 0.5);
}
