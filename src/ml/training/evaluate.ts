import type { Card } from '../../contract/card.ts';
import type { Engine } from '../engines/engine.ts';
import type { ModelPackage } from '../packages/modelPackage.ts';
import type { TrainedSampler } from './chooseFrames.ts';
import type { DataSet, LabelledVolumes, SplitName } from './dataSet.ts';
import { lengthwisePredictor } from './lengthwisePredictor.ts';
import { type Interval, type Metrics, type Predictions, bootstrapIntervals, metricsOf } from './metrics.ts';
import { BOOTSTRAP } from './measureSplit.ts';
import { packagePredictor } from './packagePredictor.ts';
import { type Predictor, predict } from './predict.ts';
import { type Reading, prepareVolumes } from './prepareVolumes.ts';
import { invalidRun, readConfig, readTensors } from './runFolder.ts';
import { runPredictor } from './runPredictor.ts';

export interface EvaluationTask {
  readonly data: DataSet;
  readonly split: SplitName;
  readonly engine: Engine;
  readonly signal?: AbortSignal;
}

export interface Evaluation {
  readonly sampler: TrainedSampler;
  readonly ratio: number;
  readonly metrics: Metrics;
  readonly ci95: { readonly auc: Interval; readonly accuracy: Interval; readonly balancedAccuracy: Interval };
}

/**
 * The kept checkpoint of a run on one split.
 * @throws KeysliceError RUN_INVALID, SAMPLER_NOT_APPLICABLE, CANCELLED
 */
export async function evaluateRun(folder: string, task: EvaluationTask): Promise<Evaluation> {
  const config = await readConfig(folder);
  if (config.data.md5 !== task.data.md5) throw invalidRun(folder, `it was trained on ${config.data.name}`);
  const weights = await readTensors(folder, 'weights');
  const predictor = lengthwisePredictor((frames) => runPredictor(task.engine, config, weights, frames));
  return {
    sampler: config.sampler,
    ratio: config.ratio,
    ...(await evaluate(predictor, config.protocol, task)),
  };
}

/**
 * A package on one split; frames chosen by `sampler` before the package's classifier.
 * @throws KeysliceError PACKAGE_INVALID, SAMPLER_NOT_APPLICABLE, CANCELLED
 */
export async function evaluatePackage(
  model: ModelPackage,
  choice: { readonly sampler: TrainedSampler; readonly ratio: number },
  task: EvaluationTask,
): Promise<Evaluation> {
  const volumes = withCardRange(model.card, task.data.splits[task.split]);
  const predictor = lengthwisePredictor((frames) =>
    packagePredictor(task.engine, model, { ...volumes, frames }, choice),
  );
  const data = { ...task.data, splits: { ...task.data.splits, [task.split]: volumes } };
  return { ...choice, ...(await evaluate(predictor, model.card.sampler, { ...task, data })) };
}

/** Modality values are clamped as the package wants them, whatever range they have themselves. */
function withCardRange({ input: { window } }: Card, volumes: LabelledVolumes): LabelledVolumes {
  if (window === null || volumes.range === undefined) return volumes;
  const low = window.center - window.width / 2;
  return { ...volumes, range: [low, low + window.width] };
}

async function evaluate(
  predictor: Predictor,
  reading: Reading,
  { data, split, signal }: EvaluationTask,
): Promise<Pick<Evaluation, 'metrics' | 'ci95'>> {
  try {
    const volumes = data.splits[split];
    const prepared = prepareVolumes(volumes, reading);
    const predictions: Predictions = await predict(predictor, prepared, signal);
    return {
      metrics: metricsOf(predictions),
      ci95: bootstrapIntervals(predictions, { ...BOOTSTRAP, groups: volumes.groups ?? null }),
    };
  } finally {
    await predictor.close();
  }
}
