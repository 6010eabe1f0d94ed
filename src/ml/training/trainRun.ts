import { KeysliceError } from '../../contract/errors.ts';
import type { Engine } from '../engines/engine.ts';
import { type TrainingGraph, trainingGraph } from '../networks/trainingGraph.ts';
import { alignFrames } from './alignFrames.ts';
import { seededRandom } from '../seededRandom.ts';
import { type TrainedSampler, isLearned } from './chooseFrames.ts';
import { classWeights } from './classWeights.ts';
import { type Collapse, collapseOf, distinctSelections } from './collapse.ts';
import type { DataSet } from './dataSet.ts';
import { lengthwisePredictor } from './lengthwisePredictor.ts';
import { logLoss, metricsOf } from './metrics.ts';
import { trainingSpec } from './network.ts';
import { type Predictor, type SplitPredictions, predict } from './predict.ts';
import { type PreparedSplit, prepareVolumes } from './prepareVolumes.ts';
import type { Protocol } from './protocol.ts';
import { drawStart, gumbel } from './randomness.ts';
import {
  type EpochRecord,
  type RunConfig,
  createRun,
  invalidRun,
  readConfig,
  readLog,
  readTensors,
  writeLog,
  writeTensors,
} from './runFolder.ts';
import { requireOneLength } from './requireOneLength.ts';
import { runPredictor } from './runPredictor.ts';
import { type StartingWeights, startFrom } from './startingWeights.ts';
import { stepsPerEpoch, trainEpoch } from './trainEpoch.ts';
import { type TrainingState, initialState, restoreState, stateTensors } from './trainingState.ts';

export interface TrainOptions {
  readonly folder: string;
  readonly data: DataSet;
  readonly sampler: TrainedSampler;
  /** Share of the frames that the classifier gets. */
  readonly ratio: number;
  readonly seed: number;
  readonly protocol: Protocol;
  /** Absent: all weights are drawn. */
  readonly start?: StartingWeights;
  readonly engine: Engine;
  /** Go on with the run in the folder; its own config counts, and must be for the same data. */
  readonly resume: boolean;
  /** Commit of the program, for the record. */
  readonly commit: string;
}

export interface TrainHooks {
  readonly onEpoch?: (record: EpochRecord) => void;
  readonly signal?: AbortSignal;
}

export interface RunSummary {
  readonly run: string;
  readonly epochs: number;
  readonly best: { readonly epoch: number; readonly loss: number; readonly auc: number };
  readonly collapsed: readonly { readonly epoch: number; readonly kind: Collapse }[];
}

/**
 * Trains a sampler and its classifier on the train split and keeps the epoch with the best noise-free validation
 * loss. Ends after `epochs`, or when the loss has not improved for `patience` epochs. The test split is not read.
 * @throws KeysliceError CANCELLED, DATA_INVALID, RUN_INVALID, SAMPLER_NOT_APPLICABLE, TARGET_NOT_EMPTY
 */
export async function trainRun(options: TrainOptions, hooks: TrainHooks = {}): Promise<RunSummary> {
  const config = options.resume ? await resumedConfig(options) : newConfig(options);
  requireBatch(options.data, config);
  requireOneLength(options.data, config);
  const graph = trainingGraph(trainingSpec(config));
  const state = initialState(graph, config.seed);
  const train = alignFrames(prepareVolumes(options.data.splits.train, config.protocol), config.frames);
  const records = options.resume
    ? await restoreRun(options.folder, state, stepsPerEpoch(train, config))
    : await startRun(options, config, state);
  const val = prepareVolumes(options.data.splits.val, config.protocol);
  await trainEpochs({ options, config, graph, train, val, hooks }, state, records);
  return summary(options.folder, records);
}

/** @throws KeysliceError DATA_INVALID when an epoch would have no step. */
function requireBatch({ name, splits }: DataSet, { protocol }: RunConfig): void {
  const { count } = splits.train;
  if (count >= protocol.batch) return;
  const reason = `a batch of ${protocol.batch} is more than its ${count} series to train on`;
  throw new KeysliceError('DATA_INVALID', { name, reason });
}

interface RunTask {
  readonly options: TrainOptions;
  readonly config: RunConfig;
  readonly graph: TrainingGraph;
  readonly train: PreparedSplit;
  readonly val: PreparedSplit;
  readonly hooks: TrainHooks;
}

async function trainEpochs(task: RunTask, state: TrainingState, records: EpochRecord[]): Promise<void> {
  const { options, config, graph, train, hooks } = task;
  const session = await options.engine.createSession(graph.model);
  try {
    while (!isFinished(config, records)) {
      const started = performance.now();
      const epoch = records.length + 1;
      const trainLoss = await trainEpoch(
        { config, graph, session, split: train },
        state,
        epoch,
        hooks.signal,
      );
      const record = await validate(task, state, records, { epoch, trainLoss, started });
      if (record.best) await writeTensors(options.folder, 'weights', state.averages);
      records.push(record);
      // The state comes last: resuming drops what log and weights have beyond it and makes that epoch again.
      await writeLog(options.folder, records);
      await writeTensors(options.folder, 'state', stateTensors(state));
      hooks.onEpoch?.(record);
    }
  } finally {
    await session.release();
  }
}

async function validate(
  task: RunTask,
  state: TrainingState,
  records: readonly EpochRecord[],
  { epoch, trainLoss, started }: { epoch: number; trainLoss: number; started: number },
): Promise<EpochRecord> {
  const { options, config, val, hooks } = task;
  const predictor = lengthwisePredictor((frames) =>
    runPredictor(options.engine, config, state.averages, frames),
  );
  try {
    const predictions = await predict(predictor, val, hooks.signal);
    const weights = classWeights(config.protocol.classWeights, predictions.labels, predictions.classes);
    const valLoss = logLoss(predictions, weights);
    const { auc, accuracy, balancedAccuracy } = metricsOf(predictions);
    const beside = isLearned(config.sampler)
      ? await besideNoise(task, predictor, predictions, epoch)
      : NO_NOISE;
    return {
      epoch,
      trainLoss,
      valLoss,
      valAuc: auc,
      valAccuracy: accuracy,
      valBalancedAccuracy: balancedAccuracy,
      best: records.every((record) => valLoss < record.valLoss),
      seconds: (performance.now() - started) / 1000,
      ...beside,
    };
  } finally {
    await predictor.close();
  }
}

type BesideNoise = Pick<EpochRecord, 'noisyLoss' | 'noisyAccuracy' | 'selections' | 'collapse'>;
const NO_NOISE: BesideNoise = { noisyLoss: null, noisyAccuracy: null, selections: null, collapse: null };

/** The same split once more with the noise of training. */
async function besideNoise(
  { config, val, hooks }: RunTask,
  predictor: Predictor,
  noiseFree: SplitPredictions,
  epoch: number,
): Promise<BesideNoise> {
  const random = seededRandom(Math.imul(config.seed + 1, 0x85ebca6b) ^ epoch);
  const noisy = await predict(predictor, val, hooks.signal, {
    gumbel: () => config.protocol.noise * gumbel(random),
    start: () => drawStart(random),
  });
  return {
    noisyLoss: logLoss(noisy),
    noisyAccuracy: metricsOf(noisy).accuracy,
    selections: distinctSelections(noiseFree),
    collapse: collapseOf(config.sampler, noiseFree, noisy, val.frames),
  };
}

function isFinished({ protocol }: RunConfig, records: readonly EpochRecord[]): boolean {
  const best = records.findLast((record) => record.best)?.epoch ?? 0;
  return records.length >= protocol.epochs || records.length - best >= protocol.patience;
}

function newConfig({ data, sampler, ratio, seed, protocol, start, commit }: TrainOptions): RunConfig {
  const { frames, rows, columns } = data.splits.train;
  const { name, md5, classes } = data;
  return {
    schema: 1,
    data: { name, md5, classes: [...classes] },
    frames,
    rows,
    columns,
    sampler,
    ratio,
    seed,
    protocol,
    ...(start === undefined ? {} : { start: start.facts }),
    commit,
  };
}

async function resumedConfig({ folder, data }: TrainOptions): Promise<RunConfig> {
  const config = await readConfig(folder);
  if (config.data.md5 !== data.md5)
    throw invalidRun(folder, `it was trained on ${config.data.name}, not ${data.name}`);
  return config;
}

async function startRun(
  { folder, start }: TrainOptions,
  config: RunConfig,
  state: TrainingState,
): Promise<EpochRecord[]> {
  if (start !== undefined) startFrom(state, start);
  await createRun(folder, config);
  await writeTensors(folder, 'state', stateTensors(state));
  return [];
}

async function restoreRun(folder: string, state: TrainingState, epochSteps: number): Promise<EpochRecord[]> {
  try {
    restoreState(state, await readTensors(folder, 'state'));
  } catch (error) {
    if (error instanceof RangeError) throw invalidRun(folder, error.message, error);
    throw error;
  }
  return (await readLog(folder)).slice(0, state.step / epochSteps);
}

function summary(folder: string, records: readonly EpochRecord[]): RunSummary {
  const best = records.findLast((record) => record.best);
  if (best === undefined)
    throw new KeysliceError('RUN_INVALID', { reason: 'no epoch has ended' }, { path: folder });
  return {
    run: folder,
    epochs: records.length,
    best: { epoch: best.epoch, loss: best.valLoss, auc: best.valAuc },
    collapsed: records.flatMap(({ epoch, collapse }) =>
      collapse === null ? [] : [{ epoch, kind: collapse }],
    ),
  };
}
