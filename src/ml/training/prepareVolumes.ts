import type { Card } from '../../contract/card.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { seenFrames } from '../samplers/adpsInputs.ts';
import { anchorOf } from '../samplers/anchor.ts';
import { type SamplerContext, samplerContext, varianceAnchor } from '../samplers/context.ts';
import { type LabelledVolumes, volumePixels } from './dataSet.ts';
import { volumeFeatures } from './volumeFeatures.ts';

/** One series ready for sampler and classifier. */
export interface PreparedSeries extends SamplerContext {
  /** T × rows × columns in [0, 1]. */
  readonly pixels: Float32Array;
  /** T: where the base scores of DAS start. */
  readonly anchor: Float32Array;
  /** T: log-variance, z-scored. */
  readonly variance: Float32Array;
  /** T × 256: what A-DPS sees of the frames it has taken. */
  readonly seen: Float32Array;
  readonly label: number;
}

/** A split with its features, which stay the same for the whole run. */
export interface PreparedSplit {
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly series: readonly PreparedSeries[];
}

/** What of DAS decides what is read of a series. */
export type Reading = Pick<Card['sampler'], 'features' | 'sampling'>;

/**
 * Features of every volume by the very code that the viewer runs on decoded frames.
 * @param kernel null: plain TypeScript, which gives the same numbers
 */
export function prepareVolumes(
  volumes: LabelledVolumes,
  { features: kind, sampling }: Reading,
  kernel: FeatureKernel | null = null,
): PreparedSplit {
  const { frames, rows, columns } = volumes;
  const series = Array.from({ length: volumes.count }, (_, index): PreparedSeries => {
    const features = volumes.features?.[index] ?? volumeFeatures(volumes, index, kernel);
    return {
      ...samplerContext(features, { features: kind, position: false }),
      anchor: anchorOf({ sampling }, features).values,
      variance: varianceAnchor(features),
      seen: seenFrames(features),
      pixels: volumePixels(volumes, index),
      label: volumes.labels[index]!,
    };
  });
  return { frames, rows, columns, series };
}
