/**
 * Sampler collapse: training goes well, and the frames that are kept when it counts are of no use (docs/das.md
 * section 6). Each epoch predicts the validation split twice, noise-free and with the noise of training.
 */
import { type LearnedSampler, type TrainedSampler, isLearned } from './chooseFrames.ts';
import { seriesLosses } from './metrics.ts';
import type { SplitPredictions } from './predict.ts';

/**
 * `noise`: the noise-free choice is worse than the noisy one by more than 0.1 nat in the mean and by more than three
 * standard errors of the paired differences. `input`: a sampler that reads the series keeps the same frames of every one,
 * and these are not better than the noisy choice by three standard errors.
 */
export const COLLAPSES = ['noise', 'input'] as const;
export type Collapse = (typeof COLLAPSES)[number];

const GAP = 0.1;
const STANDARD_ERRORS = 3;
/** DPS does not look at the series. */
const READS_SERIES: readonly LearnedSampler[] = ['das', 'adps'];

export function collapseOf(
  sampler: TrainedSampler,
  noiseFree: SplitPredictions,
  noisy: SplitPredictions,
  frames: number,
): Collapse | null {
  if (isWorse(noiseFree, noisy, GAP)) return 'noise';
  const reads = isLearned(sampler) && READS_SERIES.includes(sampler);
  const chooses = (noiseFree.selections[0]?.length ?? frames) < frames && noiseFree.selections.length > 1;
  const blind = reads && chooses && distinctSelections(noiseFree) === 1;
  return blind && !isWorse(noisy, noiseFree, 0) ? 'input' : null;
}

export function distinctSelections({ selections }: Pick<SplitPredictions, 'selections'>): number {
  return new Set(selections.map(String)).size;
}

/** By more than `gap` and by more than three standard errors of the differences per series. */
function isWorse(one: SplitPredictions, other: SplitPredictions, gap: number): boolean {
  const losses = seriesLosses(other);
  const differences = seriesLosses(one).map((loss, i) => loss - losses[i]!);
  const count = differences.length;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  const square = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1);
  return mean > gap && mean > STANDARD_ERRORS * Math.sqrt(square / count);
}
