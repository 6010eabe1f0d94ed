import type { Value } from '../graph/graph.ts';
import type { ConvolutionSpec, ImageLayers } from './imageLayers.ts';

/** Features of one frame that are learned, not handcrafted. */
export const LEARNED_FEATURES = 16;
const STEM = 8;

const LAYERS: readonly (readonly [name: string, spec: ConvolutionSpec])[] = [
  ['stem', { kind: 'dense', channels: STEM, kernel: 3, stride: 2, activation: 'hardSwish' }],
  ['depthwise', { kind: 'depthwise', channels: STEM, kernel: 3, stride: 2, activation: 'hardSwish' }],
  ['mix', { kind: 'pointwise', channels: LEARNED_FEATURES, kernel: 1, stride: 1, activation: 'hardSwish' }],
];

/**
 * Sixteen numbers per frame, [N, 16], from its thumbnail and what changes to both neighbours (docs/das.md section 2).
 * @param thumbnails three channels of 32 × 32, in the layout of the layers.
 */
export function thumbnailFeatures(layers: ImageLayers, thumbnails: Value): Value {
  return layers.pool(
    LAYERS.reduce((x, [name, spec]) => layers.convolution(`features/${name}`, x, spec), thumbnails),
  );
}
