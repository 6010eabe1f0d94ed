import type { Frame } from '../../contract/frame.ts';
import type { FrameFeatures } from '../../contract/sampling.ts';
import { FeatureAccumulator } from '../features/featureAccumulator.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { spatialFeatures } from '../features/spatialFeatures.ts';
import { temporalFeatures } from '../features/temporalFeatures.ts';
import type { LabelledVolumes } from './dataSet.ts';

/**
 * Features of one volume of bytes, by the very code that the viewer runs on decoded frames.
 * @param kernel null: plain TypeScript, which gives the same numbers
 */
export function volumeFeatures(
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
