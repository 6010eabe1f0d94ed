/**
 * MobileNetV3-Small (Howard et al., ICCV 2019, arXiv 1905.02244, table 2; widths of squeeze and excitation and padding
 * as in torchvision).
 */
import type { Value } from '../graph/graph.ts';
import type { Activation, ImageLayers } from './imageLayers.ts';

interface Block {
  readonly kernel: 3 | 5;
  readonly expanded: number;
  readonly out: number;
  readonly squeeze: boolean;
  readonly activation: Activation;
  readonly stride: 1 | 2;
}

const block = (
  kernel: 3 | 5,
  expanded: number,
  out: number,
  squeeze: boolean,
  activation: Activation,
  stride: 1 | 2,
): Block => ({ kernel, expanded, out, squeeze, activation, stride });

const BLOCKS: readonly Block[] = [
  block(3, 16, 16, true, 'relu', 2),
  block(3, 72, 24, false, 'relu', 2),
  block(3, 88, 24, false, 'relu', 1),
  block(5, 96, 40, true, 'hardSwish', 2),
  block(5, 240, 40, true, 'hardSwish', 1),
  block(5, 240, 40, true, 'hardSwish', 1),
  block(5, 120, 48, true, 'hardSwish', 1),
  block(5, 144, 48, true, 'hardSwish', 1),
  block(5, 288, 96, true, 'hardSwish', 2),
  block(5, 576, 96, true, 'hardSwish', 1),
  block(5, 576, 96, true, 'hardSwish', 1),
];
const STEM_CHANNELS = 16;
/** Length of the pooled features of one frame. */
export const POOLED_FEATURES = 576;

/** Nearest multiple of 8 that is not more than 10 % below v. */
function divisibleByEight(v: number): number {
  const rounded = Math.max(8, Math.floor((v + 4) / 8) * 8);
  return rounded < 0.9 * v ? rounded + 8 : rounded;
}

/**
 * Pooled features [N, 576] of N frames.
 * @param stemStride 1 keeps more detail of frames up to 64².
 */
export function mobileNetV3Small(layers: ImageLayers, frames: Value, stemStride: 1 | 2): Value {
  let x = layers.convolution('stem', frames, {
    kind: 'dense',
    channels: STEM_CHANNELS,
    kernel: 3,
    stride: stemStride,
    activation: 'hardSwish',
  });
  BLOCKS.forEach((spec, i) => {
    x = invertedResidual(layers, `block${i + 1}`, x, spec);
  });
  return layers.pool(
    layers.convolution('last', x, {
      kind: 'pointwise',
      channels: POOLED_FEATURES,
      kernel: 1,
      stride: 1,
      activation: 'hardSwish',
    }),
  );
}

function invertedResidual(layers: ImageLayers, name: string, input: Value, spec: Block): Value {
  const { kernel, expanded, out, squeeze, activation, stride } = spec;
  const inputChannels = layers.channels(input);
  const pointwise = (part: string, x: Value, channels: number, act: Activation): Value =>
    layers.convolution(`${name}/${part}`, x, {
      kind: 'pointwise',
      channels,
      kernel: 1,
      stride: 1,
      activation: act,
    });

  const wide = expanded === inputChannels ? input : pointwise('expand', input, expanded, activation);
  const filtered = layers.convolution(`${name}/depthwise`, wide, {
    kind: 'depthwise',
    channels: expanded,
    kernel,
    stride,
    activation,
  });
  const weighted = squeeze
    ? layers.squeezeExcite(`${name}/squeeze`, filtered, divisibleByEight(expanded / 4))
    : filtered;
  const projected = pointwise('project', weighted, out, 'none');
  return stride === 1 && inputChannels === out ? layers.add(projected, input) : projected;
}
