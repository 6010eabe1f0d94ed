import { cpus } from 'node:os';
import type { FeatureKernel } from '../features/featureKernel.ts';
import type { LabelledVolumes } from './dataSet.ts';
import { type Predictions, bootstrapIntervals, logLoss, metricsOf } from './metrics.ts';
import { addNoise } from './noisyVolumes.ts';
import { type Predictor, type SplitPredictions, predict } from './predict.ts';
import { type PreparedSplit, type Reading, prepareVolumes } from './prepareVolumes.ts';
import { type SplitMetrics, decodePredictions, encodeScores, encodeSelection, round } from './runMetrics.ts';
import type { WorkCounter } from './workCounter.ts';

/** Deviation of the noise that the choice is tried with, of the range of the pixels. */
const NOISE_DEVIATION = 0.01;
const NOISE_SEED = 11;
export const BOOTSTRAP = { rounds: 1000, seed: 1 } as const;

export interface SplitTask {
  readonly volumes: LabelledVolumes;
  readonly reading: Reading;
  readonly kernel: FeatureKernel | null;
  readonly counter: WorkCounter;
  readonly signal: AbortSignal | undefined;
}

interface Step {
  readonly milliseconds: number[];
  /** Null once some of it could not be counted. */
  multiplyAdds: number | null;
}

/** A predictor whose two steps are timed and counted. */
function watched(
  predictor: Predictor,
  counter: WorkCounter,
): { watching: Predictor; choose: Step; classify: Step } {
  const choose: Step = { milliseconds: [], multiplyAdds: 0 };
  const classify: Step = { milliseconds: [], multiplyAdds: 0 };
  const watch = async <T>(step: Step, work: () => Promise<T>): Promise<T> => {
    counter.take();
    const started = performance.now();
    const result = await work();
    step.milliseconds.push(performance.now() - started);
    const count = counter.take();
    step.multiplyAdds = step.multiplyAdds === null || count === null ? null : step.multiplyAdds + count;
    return result;
  };
  const watching: Predictor = {
    choose: (...given) => watch(choose, () => predictor.choose(...given)),
    classify: (...given) => watch(classify, () => predictor.classify(...given)),
    close: () => predictor.close(),
  };
  return { watching, choose, classify };
}

/** Everything that is reported of one set of weights on one split. @throws KeysliceError CANCELLED */
export async function measureSplit(predictor: Predictor, task: SplitTask): Promise<SplitMetrics> {
  const started = performance.now();
  const prepared = prepareVolumes(task.volumes, task.reading, task.kernel);
  const featuresMs = (performance.now() - started) / task.volumes.count;
  const { watching, choose, classify } = watched(predictor, task.counter);
  const predictions = await predict(watching, prepared, task.signal);
  const { name, device, threads } = task.counter.engine;
  const perSeries = ({ multiplyAdds }: Step): number | null =>
    multiplyAdds === null ? null : Math.round(multiplyAdds / task.volumes.count);
  return {
    ...predictionFigures(predictions, task.volumes.groups ?? null),
    ...selectionFigures(prepared, predictions),
    noise: await measureNoise(predictor, task, predictions),
    cost: {
      samplerMultiplyAdds: perSeries(choose),
      classifierMultiplyAdds: perSeries(classify),
      featuresMs: round(featuresMs, 4),
      sampleMs: round(median(choose.milliseconds), 4),
      classifyMs: round(median(classify.milliseconds), 4),
    },
    engine: { name, device, threads },
    processor: cpus()[0]?.model.trim() || 'unknown',
  };
}

/** Figures of predictions, with intervals over the patients where these are known. */
export function predictionFigures(
  predictions: Predictions,
  groups: readonly number[] | null,
): Pick<
  SplitMetrics,
  'n' | 'auc' | 'accuracy' | 'balancedAccuracy' | 'logLoss' | 'ci95' | 'labels' | 'groups' | 'scores'
> {
  const scores = encodeScores(predictions);
  const labels = [...predictions.labels];
  // As they are kept, so that every figure can be computed again from the file.
  const kept = decodePredictions({ scores, labels }, predictions.classes);
  const { n, auc, accuracy, balancedAccuracy } = metricsOf(kept);
  const ci95 = bootstrapIntervals(kept, { ...BOOTSTRAP, groups });
  const defined = ([low, high]: readonly [number, number]): [number, number] | null =>
    Number.isNaN(low) || Number.isNaN(high) ? null : [low, high];
  return {
    n,
    auc: Number.isNaN(auc) ? null : auc,
    accuracy,
    balancedAccuracy,
    logLoss: logLoss(kept),
    ci95: {
      auc: defined(ci95.auc),
      accuracy: defined(ci95.accuracy),
      balancedAccuracy: defined(ci95.balancedAccuracy),
    },
    labels,
    groups: groups === null ? null : [...groups],
    scores,
  };
}

function selectionFigures(
  { series }: PreparedSplit,
  { selections }: SplitPredictions,
): Pick<SplitMetrics, 'frames' | 'kept' | 'selected' | 'emptyFrames'> {
  const frames = sum(series.map(({ anchor }) => anchor.length));
  const kept = sum(selections.map(({ length }) => length));
  let [emptyFrames, emptyKept] = [0, 0];
  series.forEach(({ pixels, anchor }, index) => {
    const empty = emptyOf(pixels, anchor.length);
    emptyFrames += empty.size;
    emptyKept += selections[index]!.filter((frame) => empty.has(frame)).length;
  });
  return {
    frames: frames / series.length,
    kept: kept / series.length,
    selected:
      kept === frames
        ? null
        : selections.map((one, index) => encodeSelection(one, series[index]!.anchor.length)),
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
  { volumes, reading, kernel, signal }: SplitTask,
  clean: SplitPredictions,
): Promise<SplitMetrics['noise']> {
  const noisy = addNoise(volumes, NOISE_DEVIATION, NOISE_SEED);
  if (noisy === null) return null;
  const again = await predict(predictor, prepareVolumes(noisy, reading, kernel), signal);
  const overlaps = clean.selections.map((frames, index) => {
    const kept = new Set(again.selections[index]);
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
