import type { Interval } from '../training/metrics.ts';
import type { Arm } from './arms.ts';
import type { ReportedRun } from './reportedRun.ts';

/** A table in Markdown, or a line where there is nothing to show. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'Nothing was measured.';
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const NONE = '–';

export function number(value: number | null, digits = 3): string {
  return value === null || Number.isNaN(value) ? NONE : value.toFixed(digits);
}

export function percent(value: number | null): string {
  return value === null || Number.isNaN(value) ? NONE : `${(100 * value).toFixed(1)} %`;
}

export function range([low, high]: Interval): string {
  return Number.isNaN(low) || Number.isNaN(high) ? NONE : `${low.toFixed(3)} to ${high.toFixed(3)}`;
}

/** Mean ± standard deviation over the seeds (n − 1); of one seed the figure alone. */
export function overSeeds({ runs }: Arm, value: (run: ReportedRun) => number | null, digits = 3): string {
  const values = runs.map(value);
  if (values.some((one) => one === null)) return NONE;
  const known = values.filter((one) => one !== null);
  const mean = meanOf(known);
  if (Number.isNaN(mean)) return NONE;
  if (known.length === 1) return mean.toFixed(digits);
  const variance = known.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (known.length - 1);
  return `${mean.toFixed(digits)} ± ${Math.sqrt(variance).toFixed(digits)}`;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
