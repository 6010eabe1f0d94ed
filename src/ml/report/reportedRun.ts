import { KeysliceError } from '../../contract/errors.ts';
import { type Metrics, type Predictions, logLoss, metricsOf } from '../training/metrics.ts';
import { type RunMetrics, type SplitMetrics, decodePredictions } from '../training/runMetrics.ts';

/** A metrics file with the name that errors and the report give it. */
export interface MetricsFile {
  readonly path: string;
  readonly metrics: RunMetrics;
}

/** One run on its test split; the folds of a cross-validation are pooled into one. */
export interface ReportedRun {
  readonly path: string;
  readonly data: RunMetrics['data'];
  readonly sampler: string;
  /** 1 where every frame is used. */
  readonly ratio: number;
  readonly seed: number;
  readonly protocol: RunMetrics['protocol'];
  readonly commit: string;
  readonly valLoss: number;
  readonly folds: number;
  readonly predictions: Predictions;
  readonly groups: readonly number[] | null;
  readonly selected: SplitMetrics['selected'];
  readonly figures: Metrics & { readonly logLoss: number };
  readonly test: SplitMetrics;
}

/** Samplers that leave no frame out, whatever share was asked for; `shortcuts` does not look at what frames show. */
const WHOLE = new Set(['full', 'average', 'shortcuts']);
const FOLD = /^(.*)\.fold-([\w-]+)$/;

/**
 * The runs with a test split, ordered by data, sampler, ratio and seed. Runs on data named `NAME.fold-X` are the folds
 * of one run on NAME: their test series are put together.
 * @throws KeysliceError METRICS_INVALID when two files are the same run
 */
export function reportedRuns(files: readonly MetricsFile[]): ReportedRun[] {
  const byRun = new Map<string, { fold: string; run: ReportedRun }[]>();
  for (const file of files) {
    const run = singleRun(file);
    if (run === null) continue;
    const [, name = run.data.name, fold = ''] = FOLD.exec(run.data.name) ?? [];
    const key = JSON.stringify([name, run.sampler, run.ratio, run.seed, protocolKey(run.protocol)]);
    const parts = byRun.get(key) ?? [];
    const twin = parts.find((part) => part.fold === fold);
    if (twin !== undefined)
      throw new KeysliceError(
        'METRICS_INVALID',
        { reason: `it is the same run as ${twin.run.path}` },
        { path: file.path },
      );
    byRun.set(key, [...parts, { fold, run: { ...run, data: { ...run.data, name } } }]);
  }
  const pooled = [...byRun.values()].map((parts) =>
    poolFolds(parts.toSorted((a, b) => compare(a.fold, b.fold)).map(({ run }) => run)),
  );
  return pooled.toSorted(
    (a, b) =>
      compare(a.data.name, b.data.name) ||
      a.ratio - b.ratio ||
      compare(a.sampler, b.sampler) ||
      compare(protocolKey(a.protocol), protocolKey(b.protocol)) ||
      a.seed - b.seed,
  );
}

/** The same text for the same settings, whatever their order in the file. */
export function protocolKey(protocol: RunMetrics['protocol']): string {
  return JSON.stringify(Object.entries(protocol).toSorted(([a], [b]) => compare(a, b)));
}

/** By code point, so that no locale changes the report. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function singleRun({ path, metrics }: MetricsFile): ReportedRun | null {
  const { test } = metrics.splits;
  if (test === undefined) return null;
  const predictions = decodePredictions(test, metrics.data.classes.length);
  const { data, sampler, seed, commit, start } = metrics;
  const protocol = { ...metrics.protocol, start: start?.data ?? 'drawn' };
  return {
    path,
    data,
    sampler,
    ratio: WHOLE.has(sampler) ? 1 : metrics.ratio,
    seed,
    protocol,
    commit,
    valLoss: metrics.training.valLoss,
    folds: 1,
    predictions,
    groups: test.groups,
    selected: test.selected,
    figures: {
      n: test.n,
      auc: test.auc ?? NaN,
      accuracy: test.accuracy,
      balancedAccuracy: test.balancedAccuracy,
      logLoss: test.logLoss,
    },
    test,
  };
}

/** @param parts in the order of their folds */
function poolFolds(parts: readonly ReportedRun[]): ReportedRun {
  const [first] = parts;
  if (first === undefined) throw new RangeError('a run without folds');
  if (parts.length === 1) return first;
  const predictions: Predictions = {
    classes: first.predictions.classes,
    labels: Uint8Array.from(parts.flatMap((part) => [...part.predictions.labels])),
    probabilities: Float64Array.from(parts.flatMap((part) => [...part.predictions.probabilities])),
  };
  const mean = (value: (part: ReportedRun) => number): number =>
    parts.reduce((sum, part) => sum + value(part) * part.test.n, 0) / predictions.labels.length;
  const selections = parts.map((part) => part.selected);
  return {
    ...first,
    folds: parts.length,
    valLoss: mean((part) => part.valLoss),
    predictions,
    groups: pooledGroups(parts),
    selected: selections.every((one) => one !== null) ? selections.flat() : null,
    figures: { ...metricsOf(predictions), logLoss: logLoss(predictions) },
    test: pooledTest(first.test, parts, mean),
  };
}

function pooledTest(
  first: SplitMetrics,
  parts: readonly ReportedRun[],
  mean: (value: (part: ReportedRun) => number) => number,
): SplitMetrics {
  const noise = parts.every(({ test }) => test.noise !== null);
  const work = (key: 'samplerMultiplyAdds' | 'classifierMultiplyAdds'): number | null =>
    parts.every(({ test }) => test.cost[key] !== null) ? mean(({ test }) => test.cost[key] ?? 0) : null;
  return {
    ...first,
    frames: mean(({ test }) => test.frames),
    kept: mean(({ test }) => test.kept),
    emptyFrames: {
      kept: mean(({ test }) => test.emptyFrames.kept),
      all: mean(({ test }) => test.emptyFrames.all),
    },
    noise: noise
      ? {
          deviation: first.noise?.deviation ?? 0,
          overlap: mean(({ test }) => test.noise?.overlap ?? 0),
          sameClass: mean(({ test }) => test.noise?.sameClass ?? 0),
        }
      : null,
    cost: {
      samplerMultiplyAdds: work('samplerMultiplyAdds'),
      classifierMultiplyAdds: work('classifierMultiplyAdds'),
      featuresMs: mean(({ test }) => test.cost.featuresMs),
      sampleMs: mean(({ test }) => test.cost.sampleMs),
      classifyMs: mean(({ test }) => test.cost.classifyMs),
    },
  };
}

/** Patients of different folds are different patients. */
function pooledGroups(parts: readonly ReportedRun[]): number[] | null {
  if (parts.every(({ groups }) => groups === null)) return null;
  let offset = 0;
  return parts.flatMap(({ groups, test }) => {
    const own = groups ?? test.labels.map((_, row) => row);
    const shifted = own.map((group) => group + offset);
    offset += 1 + Math.max(-1, ...own);
    return shifted;
  });
}
