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
 * 95 % intervals by the percentile bootstrap over the series. Resamples that miss a class are drawn again.
 * @param rounds number of resamples.
 */
export function bootstrapIntervals(
  predictions: Predictions,
  rounds: number,
  seed: number,
): { auc: Interval; accuracy: Interval; balancedAccuracy: Interval } {
  const random = seededRandom(seed);
  const { labels } = predictions;
  const present = new Set(labels).size;
  const resampled: Metrics[] = [];
  while (resampled.length < rounds) {
    const rows = Array.from(labels, () => Math.floor(random() * labels.length));
    if (new Set(rows.map((row) => labels[row])).size === present)
      resampled.push(metricsOf(pick(predictions, rows)));
  }
  const interval = (key: 'auc' | 'accuracy' | 'balancedAccuracy'): Interval => {
    const sorted = resampled.map((metrics) => metrics[key]).sort((a, b) => a - b);
    return [sorted[Math.floor(0.025 * (rounds - 1))]!, sorted[Math.ceil(0.975 * (rounds - 1))]!];
  };
  return {
    auc: interval('auc'),
    accuracy: interval('accuracy'),
    balancedAccuracy: interval('balancedAccuracy'),
  };
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
