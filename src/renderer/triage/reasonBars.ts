import type { TriageView } from '../../contract/ipc.ts';
import { text } from '../i18n/en.ts';

export interface ReasonBar {
  name: string;
  /** Share of the longest bar, 0 to 1. */
  length: number;
}

const NAMES: Readonly<Record<string, string>> = text.reasons;

/** Why a frame scores: shares of the feature groups, largest first. Null: no reasons, or none for this frame. */
export function reasonBars(reasons: TriageView['reasons'], frame: number): readonly ReasonBar[] | null {
  const values = reasons?.values[frame] ?? null;
  if (reasons === null || values === null) return null;
  const largest = Math.max(...values.map(Math.abs));
  if (!(largest > 0)) return [];
  return reasons.names
    .map((name, index) => ({ name: NAMES[name] ?? name, length: Math.abs(values[index] ?? 0) / largest }))
    .sort((a, b) => b.length - a.length);
}
