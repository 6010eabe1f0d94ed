import { cpus } from 'node:os';
import type { FeatureKernel } from '../features/featureKernel.ts';
import type { LabelledVolumes } from './dataSet.ts';
import { type Predictions, bootstrapIntervals, logLoss, metricsOf } from './metrics.ts';
import { addNoise } from './noisyVolumes.ts';
import { type Predictor, type SplitPredictions, predict } from './predict.ts';
import { type PreparedSplit, prepareVolumes } from './prepareVolumes.ts';
import { type SplitMetrics, encodeScores, encodeSelection, round } from './runMetrics.ts';
import type { WorkCounter } from './workCounter.ts';

/** Deviation of the noise that the choice is tried with, of the range of the pixels. */
const NOISE_DEVIATION = 0.01;
const NOISE_SEED = 11;
export const BOOTSTRAP = { rounds: 1000, seed: 1 } as const;

export interface SplitTask {
  readonly volumes: LabelledVolumes;
  readonly kernel: FeatureKernel | null;
  readonly counter: WorkCounter;
  readonly signal: AbortSignal | undefined;
}

interface Steps {
  readonly milliseconds: { choose: number[]; classify: number[] };
  readonly multiplyAdds: { choose: number | null; classify: number | null };
}

/** Everything that is reported of one set of weights on one split. @throws KeysliceError CANCELLED */
export async function measureSplit(predictor: Predictor, task: SplitTask): Promise<SplitMetrics> {
  const started = performance.now();
  const prepared = prepareVolumes(task.volumes, task.kernel);
  const featuresMs = (performance.now() - started) / task.volumes.count;
  const steps: Steps = {
    milliseconds: { choose: [], classify: [] },
    multiplyAdds: { choose: 0, classify: 0 },
  };
  task.counter.take();
  const predictions = await predict(predictor, prepared, task.signal, (step, milliseconds) => {
    steps.milliseconds[step].push(milliseconds);
    const [before, work] = [steps.multiplyAdds[step], task.counter.take()];
    steps.multiplyAdds[step] = before === null || work === null ? null : before + work;
  });
  const { name, device, threads } = task.counter.engine;
  return {
    ...figures(predictions, task.volumes.groups ?? null),
    ...selectionFigures(prepared, predictions),
    noise: await measureNoise(predictor, task, predictions),
    cost: costOf(steps, task.volumes.count, featuresMs),
    engine: { name, device, threads },
    processor: cpus()[0]?.model.trim() || 'unknown',
  };
}

function figures(
  predictions: SplitPredictions,
  groups: readonly number[] | null,
): Pick<
  SplitMetrics,
  'n' | 'auc' | 'accuracy' | 'balancedAccuracy' | 'logLoss' | 'ci95' | 'labels' | 'groups' | 'scores'
> {
  const { n, auc, accuracy, balancedAccuracy } = metricsOf(predictions);
  const ci95 = bootstrapIntervals(predictions, { ...BOOTSTRAP, groups });
  const defined = ([low, high]: readonly [number, number]): [number, number] | null =>
    Number.isNaN(low) || Number.isNaN(high) ? null : [low, high];
  return {
    n,
    auc: Number.isNaN(auc) ? null : auc,
    accuracy,
    balancedAccuracy,
    logLoss: logLoss(predictions),
    ci95: {
      auc: defined(ci95.auc),
      accuracy: defined(ci95.accuracy),
      balancedAccuracy: defined(ci95.balancedAccuracy),
    },
    labels: [...predictions.labels],
    groups: groups === null ? null : [...groups],
    scores: encodeScores(predictions),
  };
}

function selectionFigures(
  { series }: PreparedSplit,
  { selected }: SplitPredictions,
): Pick<SplitMetrics, 'frames' | 'kept' | 'selected' | 'emptyFrames'> {
  const frames = sum(series.map(({ anchor }) => anchor.length));
  const kept = sum(selected.map(({ length }) => length));
  let [emptyFrames, emptyKept] = [0, 0];
  series.forEach(({ pixels, anchor }, index) => {
    const empty = emptyOf(pixels, anchor.length);
    emptyFrames += empty.size;
    emptyKept += selected[index]!.filter((frame) => empty.has(frame)).length;
  });
  return {
    frames: frames / series.length,
    kept: kept / series.length,
    selected:
      kept === frames
        ? null
        : selected.map((one, index) => encodeSelection(one, series[index]!.anchor.length)),
    emptyFrames: { kept: emptyKept / kept, all: emptyFrames / frames },
  };
}

/** Frames whose pixels are all the same. */
function emptyOf(pixels: Float32Array, frames: number): Set<number> {
  const length = pixels.length / frames;
  const indices = Array.from({ length: frames }, (_, t) => t);
  return new Set(
    indices.filter((t) => {
      const frame = pixels.subarray(t * length, (t + 1) * length);
      return frame.every((value) => value === frame[0]);
    }),
  );
}

async function measureNoise(
  predictor: Predictor,
  { volumes, kernel, signal }: SplitTask,
  clean: SplitPredictions,
): Promise<SplitMetrics['noise']> {
  const noisy = addNoise(volumes, NOISE_DEVIATION, NOISE_SEED);
  const again = await predict(predictor, prepareVolumes(noisy, kernel), signal);
  const overlaps = clean.selected.map((frames, index) => {
    const kept = new Set(again.selected[index]);
    return frames.filter((frame) => kept.has(frame)).length / frames.length;
  });
  const classes = [classOf(clean), classOf(again)] as const;
  const same = classes[0].filter((label, row) => label === classes[1][row]).length;
  return {
    deviation: NOISE_DEVIATION,
    overlap: sum(overlaps) / overlaps.length,
    sameClass: same / classes[0].length,
  };
}

function classOf({ probabilities, classes, labels }: Predictions): number[] {
  return Array.from(labels, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
}

function costOf(
  { milliseconds, multiplyAdds }: Steps,
  series: number,
  featuresMs: number,
): SplitMetrics['cost'] {
  const perSeries = (work: number | null): number | null =>
    work === null ? null : Math.round(work / series);
  return {
    samplerMultiplyAdds: perSeries(multiplyAdds.choose),
    classifierMultiplyAdds: perSeries(multiplyAdds.classify),
    featuresMs: round(featuresMs, 4),
    sampleMs: round(median(milliseconds.choose), 4),
    classifyMs: round(median(milliseconds.classify), 4),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
