import { seededRandom } from '../seededRandom.ts';

/** What a classifier said about some series: row after row of class probabilities, and the truth. */
export interface Predictions {
  /** count × classes. */
  readonly probabilities: Float64Array;
  readonly labels: Uint8Array;
  readonly classes: number;
}

export interface Metrics {
  readonly n: number;
  readonly auc: number;
  readonly accuracy: number;
  readonly balancedAccuracy: number;
}

export type Interval = readonly [number, number];

/** As MedMNIST: AUC of the positive class for two classes, macro one-against-rest otherwise; accuracy of the argmax. */
export function metricsOf(predictions: Predictions): Metrics {
  const { labels, classes } = predictions;
  const hits = new Array<number>(classes).fill(0);
  const totals = new Array<number>(classes).fill(0);
  labels.forEach((label, row) => {
    totals[label]!++;
    if (argmax(predictions, row) === label) hits[label]!++;
  });
  const recalls = totals.flatMap((total, label) => (total === 0 ? [] : [hits[label]! / total]));
  return {
    n: labels.length,
    auc: macroAuc(predictions),
    accuracy: sum(hits) / labels.length,
    balancedAccuracy: sum(recalls) / recalls.length,
  };
}

/** −ln p(true class) of every series. */
export function seriesLosses({ probabilities, labels, classes }: Predictions): Float64Array {
  return Float64Array.from(
    labels,
    (label, row) => -Math.log(Math.max(1e-12, probabilities[row * classes + label]!)),
  );
}

/** Mean −ln p(true class). @param weights of the classes; null: 1 each. */
export function logLoss(predictions: Predictions, weights: Float64Array | null = null): number {
  const { labels } = predictions;
  const losses = seriesLosses(predictions).map((loss, row) => loss * (weights?.[labels[row]!] ?? 1));
  return losses.reduce((total, loss) => total + loss, 0) / labels.length;
}

/**
 * Area under the ROC curve by ranks (Mann and Whitney), ties counted half; NaN when only one class is present.
 */
export function areaUnderCurve(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const positives = positive.filter(Boolean).length;
  let rankSum = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) if (positive[order[i]!]) rankSum += rank;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives));
}

/**
 * 95 % intervals by the percentile bootstrap over the series, or over their groups (patients) where these are known:
 * series of one patient are no independent evidence. Resamples that miss a class are drawn again.
 * @param groups one number per series; null: every series stands for itself.
 */
export function bootstrapIntervals(
  predictions: Predictions,
  { rounds, seed, groups = null }: { rounds: number; seed: number; groups?: readonly number[] | null },
): { auc: Interval; accuracy: Interval; balancedAccuracy: Interval } {
  const draw = resampler(predictions.labels, groups, seed);
  const resampled = Array.from({ length: rounds }, () => metricsOf(pick(predictions, draw())));
  const interval = (key: 'auc' | 'accuracy' | 'balancedAccuracy'): Interval =>
    percentileInterval(resampled.map((metrics) => metrics[key]));
  return {
    auc: interval('auc'),
    accuracy: interval('accuracy'),
    balancedAccuracy: interval('balancedAccuracy'),
  };
}

/** Resamples without one of the classes are drawn again this often at most. */
const DRAW_LIMIT = 1000;

/** Draws rows with replacement, whole groups at a time; the same seed gives the same draws. */
export function resampler(
  labels: ArrayLike<number>,
  groups: readonly number[] | null,
  seed: number,
): () => number[] {
  const random = seededRandom(seed);
  const members = new Map<number, number[]>();
  for (let row = 0; row < labels.length; row++) {
    const group = groups?.[row] ?? row;
    members.set(group, [...(members.get(group) ?? []), row]);
  }
  const units = [...members.values()];
  const present = new Set(Array.from(labels)).size;
  const drawOnce = (): number[] => units.flatMap(() => units[Math.floor(random() * units.length)]!);
  return () => {
    let rows = drawOnce();
    for (let i = 0; i < DRAW_LIMIT && new Set(rows.map((row) => labels[row])).size < present; i++)
      rows = drawOnce();
    return rows;
  };
}

/** From the 2.5th to the 97.5th percentile. */
export function percentileInterval(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const last = sorted.length - 1;
  return [sorted[Math.floor(0.025 * last)] ?? NaN, sorted[Math.ceil(0.975 * last)] ?? NaN];
}

function pick({ probabilities, labels, classes }: Predictions, rows: readonly number[]): Predictions {
  return {
    probabilities: Float64Array.from(
      rows.flatMap((row) => [...probabilities.subarray(row * classes, (row + 1) * classes)]),
    ),
    labels: Uint8Array.from(rows, (row) => labels[row]!),
    classes,
  };
}

function macroAuc({ probabilities, labels, classes }: Predictions): number {
  const considered = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  const areas = considered.map((c) =>
    areaUnderCurve(
      Array.from(labels, (_, row) => probabilities[row * classes + c]!),
      Array.from(labels, (label) => label === c),
    ),
  );
  const defined = areas.filter((area) => !Number.isNaN(area));
  return sum(defined) / defined.length;
}

function argmax({ probabilities, classes }: Predictions, row: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) {
    if (probabilities[row * classes + c]! > probabilities[row * classes + best]!) best = c;
  }
  return best;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
