import type { Engine } from '../engines/engine.ts';
import type { ModelPackage } from '../packages/modelPackage.ts';
import type { TrainedSampler } from './chooseFrames.ts';
import type { DataSet, SplitName } from './dataSet.ts';
import { type Interval, type Metrics, type Predictions, bootstrapIntervals, metricsOf } from './metrics.ts';
import { packagePredictor } from './packagePredictor.ts';
import { type Predictor, predict } from './predict.ts';
import { prepareVolumes } from './prepareVolumes.ts';
import { invalidRun, readConfig, readTensors } from './runFolder.ts';
import { runPredictor } from './runPredictor.ts';

const BOOTSTRAP_ROUNDS = 1000;
const BOOTSTRAP_SEED = 1;

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
  /** Sampling and classification of the whole split, without the feature pass. */
  readonly ms: number;
}

/**
 * The kept checkpoint of a run on one split.
 * @throws KeysliceError RUN_INVALID, CANCELLED
 */
export async function evaluateRun(folder: string, task: EvaluationTask): Promise<Evaluation> {
  const config = await readConfig(folder);
  if (config.data.md5 !== task.data.md5) throw invalidRun(folder, `it was trained on ${config.data.name}`);
  const predictor = await runPredictor(task.engine, config, await readTensors(folder, 'weights'));
  return { sampler: config.sampler, ratio: config.ratio, ...(await evaluate(predictor, task)) };
}

/**
 * A package on one split; frames chosen by `sampler` before the package's classifier.
 * @throws KeysliceError PACKAGE_INVALID, CANCELLED
 */
export async function evaluatePackage(
  model: ModelPackage,
  choice: { readonly sampler: TrainedSampler; readonly ratio: number },
  task: EvaluationTask,
): Promise<Evaluation> {
  const predictor = await packagePredictor(task.engine, model, task.data.splits[task.split], choice);
  return { ...choice, ...(await evaluate(predictor, task)) };
}

async function evaluate(
  predictor: Predictor,
  { data, split, signal }: EvaluationTask,
): Promise<Pick<Evaluation, 'metrics' | 'ci95' | 'ms'>> {
  try {
    const prepared = prepareVolumes(data.splits[split]);
    const started = performance.now();
    const predictions: Predictions = await predict(predictor, prepared, signal);
    return {
      ms: performance.now() - started,
      metrics: metricsOf(predictions),
      ci95: bootstrapIntervals(predictions, BOOTSTRAP_ROUNDS, BOOTSTRAP_SEED),
    };
  } finally {
    await predictor.close();
  }
}
