/** What a series of each class counts in the loss. */
export const CLASS_WEIGHTINGS = ['none', 'balanced'] as const;
export type ClassWeighting = (typeof CLASS_WEIGHTINGS)[number];

/**
 * A weight per class: 1 each, or so that every class that occurs has the same say and the mean weight of a series
 * stays 1.
 */
export function classWeights(
  weighting: ClassWeighting,
  labels: ArrayLike<number>,
  classes: number,
): Float64Array {
  const weights = new Float64Array(classes).fill(1);
  if (weighting === 'none') return weights;
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 1 : labels.length / (present * count)));
}
