import { sliceNormal } from '../dicom/imagePlane.ts';
import type { StackFrame } from './stackFrame.ts';

/** A part of a series, with the words that set it apart so far; empty when there are none. */
export interface LabelledPart {
  frames: readonly StackFrame[];
  label: string;
}

/** What `groupFrames` takes a series apart by, in words for people; empty where a frame does not say. */
const REASONS: readonly ((frame: StackFrame) => string)[] = [
  ({ keys }) => (keys.localizer ? 'localizer' : ''),
  planeName,
  ({ record }) => `${record.pixel.columns} × ${record.pixel.rows}`,
  ({ keys }) => (keys.stack === null ? '' : `stack ${keys.stack}`),
  ({ spacing }) => (spacing.spacing === null ? '' : `pixels of ${spacing.spacing[0]} mm`),
];

/** A label for each part of one series: as many words as it takes to tell the parts from each other. */
export function splitLabels(parts: readonly LabelledPart[]): string[] {
  let labels = parts.map(({ label }) => label);
  for (const reason of REASONS) {
    if (areDistinct(labels)) break;
    const words = parts.map(({ frames: [first] }) => (first === undefined ? '' : reason(first)));
    if (new Set(words).size === 1) continue;
    labels = labels.map((label, part) => [label, words[part] ?? ''].filter((word) => word !== '').join(', '));
  }
  return labels;
}

const areDistinct = (labels: readonly string[]): boolean =>
  labels.length < 2 || (new Set(labels).size === labels.length && !labels.includes(''));

const PLANE_NAMES = ['sagittal', 'coronal', 'axial'] as const;

/** The anatomical plane that the normal is nearest to. */
function planeName({ record }: StackFrame): string {
  if (record.orientation === null) return '';
  const [x, y, z] = sliceNormal(record.orientation).map(Math.abs);
  const largest = Math.max(x ?? 0, y ?? 0, z ?? 0);
  return PLANE_NAMES[[x, y, z].indexOf(largest)] ?? '';
}
