import { createHash } from 'node:crypto';
import { KeysliceError } from '../../contract/errors.ts';
import { type DataSet, type LabelledVolumes, frameCount } from './dataSet.ts';
import { fitLogistic, logisticShare, type LogisticModel } from './logisticRegression.ts';
import { predictionFigures } from './measureSplit.ts';
import { type Predictions, logLoss } from './metrics.ts';
import type { RunMetrics, SplitMetrics } from './runMetrics.ts';

/** Of standardised inputs: weak. */
const RIDGE = 1;

/**
 * What can be told without looking at what the images show: a logistic regression on the number of frames and on their
 * brightness (mean and spread over the frames). A network that is no better has learned how the images were made.
 * @param commit of the program
 * @throws KeysliceError LABELS_INVALID unless there are two classes
 */
export function measureShortcuts(data: DataSet, commit: string): RunMetrics {
  const { name, md5, classes, pixels, splits } = data;
  if (classes.length !== 2)
    throw new KeysliceError('LABELS_INVALID', { reason: `${name} has ${classes.length} labels, not two` });
  const model = fitLogistic(inputsOf(splits.train), splits.train.labels, RIDGE);
  const { frames, rows, columns } = splits.train;
  return {
    schema: 1,
    kind: 'classification',
    data: { name, md5, classes: [...classes], pixels, frames, rows, columns },
    sampler: 'shortcuts',
    ratio: 1,
    seed: 0,
    protocol: {},
    commit,
    weights: createHash('sha256').update(new Uint8Array(model.weights.buffer)).digest('hex'),
    training: { epochs: 1, bestEpoch: 1, seconds: 0, valLoss: logLoss(predictionsOf(model, splits.val)) },
    splits: { val: splitOf(model, splits.val), test: splitOf(model, splits.test) },
  };
}

function inputsOf(volumes: LabelledVolumes): number[][] {
  return Array.from({ length: volumes.count }, (_, index) => {
    const brightness = frameMeans(volumes, index);
    const mean = brightness.reduce((sum, value) => sum + value, 0) / brightness.length;
    const spread = brightness.reduce((sum, value) => sum + (value - mean) ** 2, 0) / brightness.length;
    return [brightness.length, mean, Math.sqrt(spread)];
  });
}

/** Mean of the thumbnail of each frame. */
function frameMeans(volumes: LabelledVolumes, index: number): number[] {
  const thumbnails = volumes.features?.[index]?.thumbnails;
  if (thumbnails === undefined)
    throw new KeysliceError('INTERNAL', { reason: 'shortcuts are looked for in lists of studies only' });
  const frames = frameCount(volumes, index);
  const size = thumbnails.length / frames;
  return Array.from(
    { length: frames },
    (_, t) => thumbnails.subarray(t * size, (t + 1) * size).reduce((sum, value) => sum + value, 0) / size,
  );
}

function predictionsOf(model: LogisticModel, volumes: LabelledVolumes): Predictions {
  const shares = inputsOf(volumes).map((row) => logisticShare(model, row));
  return {
    classes: 2,
    labels: volumes.labels,
    probabilities: Float64Array.from(shares.flatMap((share) => [1 - share, share])),
  };
}

function splitOf(model: LogisticModel, volumes: LabelledVolumes): SplitMetrics {
  const frames = volumes.labels.reduce((sum, _, index) => sum + frameCount(volumes, index), 0);
  return {
    ...predictionFigures(predictionsOf(model, volumes), volumes.groups ?? null),
    frames: frames / volumes.count,
    kept: frames / volumes.count,
    selected: null,
    emptyFrames: { kept: 0, all: 0 },
    noise: null,
    cost: {
      samplerMultiplyAdds: null,
      classifierMultiplyAdds: null,
      featuresMs: 0,
      sampleMs: 0,
      classifyMs: 0,
    },
    engine: { name: 'none', device: 'none', threads: 1 },
    processor: 'none',
  };
}
