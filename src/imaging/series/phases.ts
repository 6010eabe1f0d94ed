import { slotsOf } from './slots.ts';
import { compareInstances, compareNumbers, type StackFrame } from './stackFrame.ts';

export interface SortedStack {
  /** Phase by phase, each ascending along the slice normal. */
  frames: StackFrame[];
  phases: number;
  sortedBy: string;
  /** Frames at a position that is already taken, which no phase explains. */
  duplicates: number;
}

const PHASE_KEYS: readonly { name: string; value: (frame: StackFrame) => number | null }[] = [
  { name: 'temporal position', value: ({ keys }) => keys.temporalPosition },
  { name: 'trigger time', value: ({ keys }) => keys.triggerTime },
  { name: 'acquisition number', value: ({ keys }) => keys.acquisitionNumber },
  { name: 'acquisition time', value: ({ keys }) => keys.acquisitionTime },
  { name: 'instance number', value: ({ image }) => image.instanceNumber },
];
const BY_POSITION = 'position along the slice normal';

/**
 * Sorts a stack along its slice normal. Where every position is taken equally often, the frames form as many
 * phases, in the order of time or of instance numbers.
 */
export function sortStack(frames: readonly StackFrame[]): SortedStack {
  const slots = slotsOf(frames);
  const ordered = slots.map((slot) => [...slot.frames].sort(comparePhases));
  const phases = ordered[0]?.length ?? 0;
  const even = ordered.every((slot) => slot.length === phases);
  if (!even) {
    return {
      frames: ordered.flat(),
      phases: 1,
      sortedBy: BY_POSITION,
      duplicates: frames.length - slots.length,
    };
  }
  const byPhase = Array.from({ length: phases }, (_, phase) => ordered.map((slot) => slot[phase]));
  const sorted = byPhase.flat().filter((frame) => frame !== undefined);
  return { frames: sorted, phases, sortedBy: sentence(ordered[0] ?? [], slots.length), duplicates: 0 };
}

function comparePhases(a: StackFrame, b: StackFrame): number {
  for (const { value } of PHASE_KEYS) {
    const order = compareNumbers(value(a), value(b));
    if (order !== 0) return order;
  }
  return compareInstances(a, b);
}

function sentence(slot: readonly StackFrame[], slots: number): string {
  if (slot.length < 2) return BY_POSITION;
  const key = PHASE_KEYS.find(({ value }) => new Set(slot.map(value)).size > 1);
  const order = key?.name ?? 'file name';
  return slots === 1 ? order : `${order}, then ${BY_POSITION}`;
}
