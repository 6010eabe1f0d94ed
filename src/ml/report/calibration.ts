import type { Predictions } from '../training/metrics.ts';

const BINS = 10;

/** One bin of the reliability diagram: series whose likeliest class has a probability within it. */
export interface ReliabilityBin {
  readonly count: number;
  /** Means over the bin. */
  readonly confidence: number;
  readonly accuracy: number;
}

/** Ten bins of equal width, empty ones left out. */
export function reliability(predictions: readonly Predictions[]): ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, hits: 0 }));
  for (const { probabilities, labels, classes } of predictions) {
    labels.forEach((label, row) => {
      const own = probabilities.subarray(row * classes, (row + 1) * classes);
      const confidence = Math.max(...own);
      const bin = bins[Math.min(BINS - 1, Math.floor(confidence * BINS))]!;
      bin.count++;
      bin.confidence += confidence;
      bin.hits += own.indexOf(confidence) === label ? 1 : 0;
    });
  }
  return bins.flatMap(({ count, confidence, hits }) =>
    count === 0 ? [] : [{ count, confidence: confidence / count, accuracy: hits / count }],
  );
}

/** Expected calibration error: |confidence − accuracy|, weighted by the share of the series in each bin. */
export function calibrationError(predictions: Predictions): number {
  const bins = reliability([predictions]);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, bin) => sum + (bin.count / total) * Math.abs(bin.confidence - bin.accuracy), 0);
}
