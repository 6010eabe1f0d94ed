import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/contract/frame.ts';
import { spatialFeatures, type SpatialFeatures } from '../../src/ml/features/spatialFeatures.ts';
import { temporalFeatures } from '../../src/ml/features/temporalFeatures.ts';
import { FEATURE_FRAMES } from '../fixtures/featureFrames.ts';
import { compileFeatureKernel } from '../support/featureKernel.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';

const kernel = compileFeatureKernel();
const NAMES = [
  'mean',
  'variance',
  'sobelMean',
  'sobelVariance',
  'laplacianMean',
  'laplacianVariance',
] as const;

function read(frame: Frame): SpatialFeatures {
  const spatial = spatialFeatures(frame, kernel);
  if (spatial === null) throw new Error('the frame has valid pixels');
  return spatial;
}

/** Modality values as the judge takes them; null: not valid. */
function modalityOf({ values, modality, padding, samples }: Frame): (number | null)[] {
  return Array.from(values, (stored) => {
    const padded = padding !== null && stored >= padding.from && stored <= padding.to;
    if (padded || !Number.isFinite(stored)) return null;
    return modality.kind === 'linear' && samples === 1
      ? stored * modality.slope + modality.intercept
      : stored;
  });
}

describe.runIf(pythonHas('cv2'))('features against OpenCV and numpy', () => {
  it.each(FEATURE_FRAMES)('$name', ({ make, tolerance }) => {
    const frames = [1, 2, 3].map(make);
    const [first] = frames;
    if (first === undefined) throw new Error('three frames were made');
    const { rows, columns, samples } = first;
    const judged = askJudge('features.py', {
      frames: frames.map(modalityOf),
      rows,
      columns,
      samples,
    }) as Record<string, number>[];
    const near = (found: number, expected: number | undefined): void => {
      expect(Math.abs(found / (expected ?? NaN) - 1)).toBeLessThan(tolerance);
    };
    const read3 = frames.map(read);
    read3.forEach((spatial, t) => {
      for (const name of NAMES) near(spatial[name], judged[t]?.[name]);
    });
    const [a, b, c] = read3;
    if (!a || !b || !c) throw new Error('three frames were read');
    const temporal = temporalFeatures(a.plane, b.plane, c.plane, kernel);
    near(temporal.changePrev, judged[1]?.['changePrev']);
    near(temporal.changeNext, judged[1]?.['changeNext']);
    near(temporal.curvature ?? NaN, judged[1]?.['curvature']);
  });
});
