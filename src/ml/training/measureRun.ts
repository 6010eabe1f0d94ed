import { KeysliceError } from '../../contract/errors.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import type { EvaluationTask } from './evaluate.ts';
import { lengthwisePredictor } from './lengthwisePredictor.ts';
import { measureSplit } from './measureSplit.ts';
import { invalidRun, readConfig, readLog, readTensors, weightsHash } from './runFolder.ts';
import { type RunMetrics, readRunMetrics } from './runMetrics.ts';
import { runPredictor } from './runPredictor.ts';
import { WorkCounter } from './workCounter.ts';

export const METRICS_FILE = 'metrics.json';

export interface MeasureTask extends EvaluationTask {
  readonly split: 'val' | 'test';
  readonly kernel: FeatureKernel | null;
  /** Metrics that are there already: the other split of the same weights is kept. Null: none. */
  readonly before: RunMetrics | null;
}

/**
 * Measures the kept checkpoint of a run on one split.
 * @throws KeysliceError RUN_INVALID, SAMPLER_NOT_APPLICABLE, CANCELLED
 */
export async function measureRun(folder: string, task: MeasureTask): Promise<RunMetrics> {
  const { data, engine, split, kernel, signal, before } = task;
  const config = await readConfig(folder);
  if (config.data.md5 !== data.md5) throw invalidRun(folder, `it was trained on ${config.data.name}`);
  const log = await readLog(folder);
  const best = log.findLast((record) => record.best);
  if (best === undefined) throw invalidRun(folder, 'no epoch has ended');
  const tensors = await readTensors(folder, 'weights');
  const weights = await weightsHash(folder);
  const counter = new WorkCounter(engine);
  const predictor = lengthwisePredictor((frames) => runPredictor(counter.engine, config, tensors, frames));
  try {
    const measured = await measureSplit(predictor, {
      volumes: data.splits[split],
      reading: config.protocol,
      kernel,
      counter,
      signal,
    });
    const { name, md5, classes } = config.data;
    const { frames, rows, columns, sampler, ratio, seed, protocol, start, commit } = config;
    return {
      schema: 1,
      kind: 'classification',
      data: { name, md5, classes, pixels: data.pixels, frames, rows, columns },
      sampler,
      ratio,
      seed,
      protocol: { ...protocol },
      ...(start === undefined ? {} : { start }),
      commit,
      weights,
      training: {
        epochs: log.length,
        bestEpoch: best.epoch,
        seconds: Math.round(log.reduce((sum, { seconds }) => sum + seconds, 0)),
        valLoss: best.valLoss,
      },
      splits: { ...(before?.weights === weights ? before.splits : {}), [split]: measured },
    };
  } finally {
    await predictor.close();
  }
}

/** Metrics of a file that may not be there yet. @throws KeysliceError METRICS_INVALID when it is there and damaged */
export async function metricsBefore(file: string): Promise<RunMetrics | null> {
  try {
    return await readRunMetrics(file, file);
  } catch (error) {
    const cause = error instanceof KeysliceError ? error.cause : null;
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw error;
  }
}
