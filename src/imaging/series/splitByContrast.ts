import { slotsOf, type Slot } from './slots.ts';
import { groupBy, type StackFrame } from './stackFrame.ts';

export interface ContrastGroup {
  frames: StackFrame[];
  /** What sets the group apart, for people; empty when nothing was split. */
  label: string;
}

interface ContrastKey {
  value: (frame: StackFrame) => string | number | null;
  label: (value: string) => string;
}

const CONTRASTS: readonly ContrastKey[] = [
  { value: ({ keys }) => keys.contrast, label: (value) => value.replaceAll('\\', ' ') },
  { value: ({ keys }) => keys.echoTime, label: (value) => `TE ${value} ms` },
  { value: ({ keys }) => keys.bValue, label: (value) => `b ${value}` },
];
/** Separate runs over the same region, taken apart only where that leaves every position once. */
const RUNS: readonly ContrastKey[] = [
  { value: ({ keys }) => keys.temporalPosition, label: (value) => `time ${value}` },
  { value: ({ keys }) => keys.acquisitionNumber, label: (value) => `acquisition ${value}` },
];

/**
 * Splits a stack whose positions repeat by image type, echo time and b-value, where frames at one position differ
 * in them. A stack whose positions are all distinct stays whole, whatever its values are.
 */
export function splitByContrast(frames: readonly StackFrame[], label = ''): ContrastGroup[] {
  const slots = slotsOf(frames);
  const key = CONTRASTS.find(({ value }) => slots.some((slot) => differ(slot.frames, value)));
  if (key === undefined) return splitUnevenRuns(frames, slots, label);
  return groupBy(frames, (frame) => String(key.value(frame))).flatMap((group) =>
    splitByContrast(group, joined(label, key, group)),
  );
}

function splitUnevenRuns(
  frames: readonly StackFrame[],
  slots: readonly Slot[],
  label: string,
): ContrastGroup[] {
  const counts = new Set(slots.map((slot) => slot.frames.length));
  const whole = [{ frames: [...frames], label }];
  if (counts.size <= 1) return whole;
  for (const key of RUNS) {
    const groups = groupBy(frames, (frame) => String(key.value(frame)));
    const resolved = groups.every((group) => slotsOf(group).every((slot) => slot.frames.length === 1));
    if (resolved) return groups.map((group) => ({ frames: group, label: joined(label, key, group) }));
  }
  return whole;
}

function differ([first, ...others]: readonly StackFrame[], value: ContrastKey['value']): boolean {
  return first !== undefined && others.some((frame) => value(frame) !== value(first));
}

function joined(label: string, key: ContrastKey, [first]: readonly StackFrame[]): string {
  const value = first === undefined ? null : key.value(first);
  const own = value === null || value === '' ? '' : key.label(String(value));
  return [label, own].filter((part) => part !== '').join(', ');
}
