import { type Interval, type Predictions, percentileInterval, resampler } from '../training/metrics.ts';
import type { DataReport } from './arms.ts';
import type { ReportedRun } from './reportedRun.ts';

export const ROUNDS = 1000;
const SEED = 1;

/** AUC of every run on the same resamples of the test series: what paired differences are drawn from. */
export class ResampledAuc {
  readonly #byRun = new Map<ReportedRun, Float64Array>();

  constructor({ runs }: Pick<DataReport, 'runs'>) {
    const [first] = runs;
    if (first === undefined) return;
    const n = first.predictions.labels.length;
    const draw = resampler(first.predictions.labels, first.groups, SEED);
    const weights = Array.from({ length: ROUNDS }, () => {
      const counts = new Uint16Array(n);
      for (const row of draw()) counts[row]!++;
      return counts;
    });
    for (const run of runs) {
      const auc = weightedAuc(run.predictions);
      this.#byRun.set(run, Float64Array.from(weights, auc));
    }
  }

  /** Interval of the mean over the runs. */
  ofMean(runs: readonly ReportedRun[]): Interval {
    return percentileInterval([...this.#mean(runs)]);
  }

  /** Interval of the difference of two means, resample by resample. */
  ofDifference(runs: readonly ReportedRun[], others: readonly ReportedRun[]): Interval {
    const [a, b] = [this.#mean(runs), this.#mean(others)];
    return percentileInterval(Array.from(a, (value, round) => value - b[round]!));
  }

  #mean(runs: readonly ReportedRun[]): Float64Array {
    const mean = new Float64Array(ROUNDS);
    for (const run of runs) {
      const own = this.#byRun.get(run);
      for (let round = 0; round < ROUNDS; round++) mean[round]! += (own?.[round] ?? NaN) / runs.length;
    }
    return mean;
  }
}

/** AUC as in MedMNIST (macro one-against-rest) with a weight per series; sorted once, then linear in the series. */
function weightedAuc({ probabilities, labels, classes }: Predictions): (weights: Uint16Array) => number {
  const considered = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  const orders = considered.map((c) => {
    const scores = Float64Array.from(labels, (_, row) => probabilities[row * classes + c]!);
    return { c, scores, order: Array.from(labels, (_, row) => row).sort((a, b) => scores[a]! - scores[b]!) };
  });
  return (weights) => {
    const areas = orders.map(({ c, scores, order }) => {
      let [won, positives, negatives] = [0, 0, 0];
      for (let start = 0; start < order.length;) {
        let end = start;
        let [tiedPositives, tiedNegatives] = [0, 0];
        for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end++) {
          const row = order[end]!;
          if (labels[row] === c) tiedPositives += weights[row]!;
          else tiedNegatives += weights[row]!;
        }
        won += tiedPositives * (negatives + tiedNegatives / 2);
        positives += tiedPositives;
        negatives += tiedNegatives;
        start = end;
      }
      return won / (positives * negatives);
    });
    const defined = areas.filter((area) => !Number.isNaN(area));
    return defined.reduce((sum, area) => sum + area, 0) / defined.length;
  };
}
