import type { Frame } from '../../contract/frame.ts';
import type { FrameFeatures } from '../../contract/sampling.ts';
import { FeatureAccumulator } from '../features/featureAccumulator.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { spatialFeatures } from '../features/spatialFeatures.ts';
import { temporalFeatures } from '../features/temporalFeatures.ts';
import { seenFrames } from '../samplers/adpsInputs.ts';
import { type SamplerContext, samplerContext, varianceAnchor } from '../samplers/context.ts';
import { type LabelledVolumes, volumePixels } from './dataSet.ts';

/** One series ready for sampler and classifier. */
export interface PreparedSeries extends SamplerContext {
  /** T × rows × columns in [0, 1]. */
  readonly pixels: Float32Array;
  readonly anchor: Float32Array;
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

/**
 * Features of every volume by the very code that the viewer runs on decoded frames.
 * @param kernel null: plain TypeScript, which gives the same numbers
 */
export function prepareVolumes(volumes: LabelledVolumes, kernel: FeatureKernel | null = null): PreparedSplit {
  const { frames, rows, columns } = volumes;
  const series = Array.from({ length: volumes.count }, (_, index): PreparedSeries => {
    const features = volumes.features?.[index] ?? volumeFeatures(volumes, index, kernel);
    return {
      ...samplerContext(features, false),
      anchor: varianceAnchor(features),
      seen: seenFrames(features),
      pixels: volumePixels(volumes, index),
      label: volumes.labels[index]!,
    };
  });
  return { frames, rows, columns, series };
}

function volumeFeatures(
  volumes: LabelledVolumes,
  index: number,
  kernel: FeatureKernel | null,
): FrameFeatures {
  const accumulator = new FeatureAccumulator(volumes.frames);
  for (let t = 0; t < volumes.frames; t++) {
    const jobs = accumulator.add(t, spatialFeatures(frameOf(volumes, index, t), kernel));
    for (const { frame, previous, current, next } of jobs) {
      accumulator.addTemporal(frame, temporalFeatures(previous, current, next, kernel));
    }
  }
  return accumulator.features();
}

function frameOf({ frames, rows, columns, voxels }: LabelledVolumes, index: number, t: number): Frame {
  const length = rows * columns;
  const start = (index * frames + t) * length;
  return {
    rows,
    columns,
    samples: 1,
    dtype: 'uint8',
    values: voxels.subarray(start, start + length),
    min: 0,
    max: 255,
    modality: { kind: 'linear', slope: 1, intercept: 0, unit: null },
    padding: null,
    inverted: false,
    warnings: [],
  };
}
