import type { Card } from '../../contract/card.ts';
import { FEATURE_COUNT, FEATURE_NAMES, type FrameFeatures } from '../../contract/sampling.ts';
import { varianceAnchor } from './context.ts';

/** The anchor stands on one feature: without it the anchor is what it is on average. */
export interface AnchorFeature {
  readonly feature: number;
  readonly neutral: number;
}

export interface Anchor extends AnchorFeature {
  /** T. */
  readonly values: Float32Array;
}

/** Share of the series' variance below which a frame bends no further: log 0 must stay finite. */
const CURVATURE_FLOOR = 1e-6;
/** Knots of a piecewise linear curve are best spread with density |x″|^{2/5} (de Boor 1978). */
export const KNOT_EXPONENT = 2 / 5;

/** Where the base scores of a package start: the log-variance, or ⅖·log curvature for spreading frames evenly. */
export function anchorOf({ sampling }: Pick<Card['sampler'], 'sampling'>, features: FrameFeatures): Anchor {
  const values = sampling === 'topk' ? varianceAnchor(features) : curvatureAnchor(features);
  const neutral = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { values, feature: FEATURE_NAMES.indexOf(sampling === 'topk' ? 'variance' : 'curvature'), neutral };
}

/** ⅖·log of each frame's curvature relative to the variance of the series. */
export function curvatureAnchor({ scaleFree, frames }: FrameFeatures): Float32Array {
  const column = FEATURE_NAMES.indexOf('curvature');
  return Float32Array.from(frames, (_, t) => {
    const curvature = Math.expm1(scaleFree[t * FEATURE_COUNT + column]!);
    return KNOT_EXPONENT * Math.log(curvature + CURVATURE_FLOOR);
  });
}
