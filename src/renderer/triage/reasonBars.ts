import type { TriageView } from '../../contract/ipc.ts';
import type { FEATURE_NAMES } from '../../contract/sampling.ts';
import { text } from '../i18n/en.ts';

export interface ReasonBar {
  name: string;
  /** Share of the longest bar, 0 to 1. */
  length: number;
}

type Group = keyof typeof text.reasons;

/** Features that say the same to a person are shown as one. */
const GROUPS: Readonly<Record<(typeof FEATURE_NAMES)[number] | 'position', Group>> = {
  mean: 'brightness',
  variance: 'contrast',
  change_prev: 'change',
  change_next: 'change',
  curvature: 'curvature',
  sobel_mean: 'edges',
  sobel_var: 'edges',
  laplacian_mean: 'detail',
  laplacian_var: 'detail',
  position: 'position',
};

const isFeature = (name: string): name is keyof typeof GROUPS => name in GROUPS;

/** Why a frame scores: weight of each group of features, largest first. Null: none are known for this frame. */
export function reasonBars(reasons: TriageView['reasons'], frame: number): readonly ReasonBar[] | null {
  const values = reasons?.values[frame] ?? null;
  if (reasons === null || values === null) return null;
  const sums = new Map<string, number>();
  for (const [index, feature] of reasons.names.entries()) {
    const name = isFeature(feature) ? text.reasons[GROUPS[feature]] : feature;
    sums.set(name, (sums.get(name) ?? 0) + Math.abs(values[index] ?? 0));
  }
  const largest = Math.max(...sums.values());
  return [...sums]
    .map(([name, sum]) => ({ name, length: largest > 0 ? sum / largest : 0 }))
    .sort((a, b) => b.length - a.length);
}
