import type { Slot } from './slots.ts';
import { compareInstances, compareNumbers, type StackFrame } from './stackFrame.ts';

export interface SortedStack {
  /** Phase by phase, each ascending along the slice normal. */
  frames: StackFrame[];
  phases: number;
  sortedBy: string;
  /** Frames at a position that is already taken, which no phase explains. */
  duplicates: number;
}

interface PhaseKey {
  name: string;
  value: (frame: StackFrame) => number | null;
}

const TIMES: readonly PhaseKey[] = [
  { name: 'temporal position', value: ({ keys }) => keys.temporalPosition },
  { name: 'trigger time', value: ({ keys }) => keys.triggerTime },
  { name: 'acquisition number', value: ({ keys }) => keys.acquisitionNumber },
  { name: 'acquisition time', value: ({ keys }) => keys.acquisitionTime },
];
const PHASE_KEYS: readonly PhaseKey[] = [
  ...TIMES,
  { name: 'instance number', value: ({ image }) => image.instanceNumber },
];
const BY_POSITION = 'position along the slice normal';

/**
 * Sorts a stack along its slice normal. Where every position is taken equally often, the frames form as many
 * phases, in the order of time or of instance numbers.
 */
export function sortStack(slots: readonly Slot[]): SortedStack {
  const ordered = slots.map((slot) => [...slot.frames].sort(comparePhases));
  const phases = ordered[0]?.length ?? 0;
  const explained = ordered.every((slot) => slot.length === phases && !holdsCopies(slot));
  if (!explained || (slots.length === 1 && phases > 1 && !isTimed(ordered.flat()))) {
    return {
      frames: ordered.flat(),
      phases: 1,
      sortedBy: BY_POSITION,
      duplicates: ordered.flat().length - slots.length,
    };
  }
  const byPhase = Array.from({ length: phases }, (_, phase) => ordered.map((slot) => slot[phase]));
  const sorted = byPhase.flat().filter((frame) => frame !== undefined);
  return { frames: sorted, phases, sortedBy: sentence(ordered[0] ?? [], slots.length), duplicates: 0 };
}

/** The same instance from two files. */
function holdsCopies(slot: readonly StackFrame[]): boolean {
  if (slot.length < 2) return false;
  const instances = slot.flatMap(({ record }) =>
    record.sopInstanceUid === null ? [] : [`${record.sopInstanceUid} ${record.source.indexInFile}`],
  );
  return new Set(instances).size < instances.length;
}

/** Whether frames of one place differ in time: only then are they a loop. */
function isTimed(frames: readonly StackFrame[]): boolean {
  return TIMES.some(({ value }) => new Set(frames.map(value)).size === frames.length);
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
  const oneFile = new Set(slot.map(({ image }) => image)).size === 1;
  const order = key?.name ?? (oneFile ? 'order in the file' : 'file name');
  return slots === 1 ? order : `${order}, then ${BY_POSITION}`;
}
