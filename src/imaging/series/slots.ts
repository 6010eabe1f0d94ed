import { sliceNormal } from '../dicom/imagePlane.ts';
import type { StackFrame } from './stackFrame.ts';
import { dot } from './vector.ts';

/** Frames that stand at one distance along the slice normal. */
export interface Slot {
  distance: number;
  frames: StackFrame[];
}

const SAME_DISTANCE_MM = 1e-3;

/** Frames of one orientation by their distance along its normal, ascending. Frames without a place are left out. */
export function slotsOf(frames: readonly StackFrame[]): Slot[] {
  const orientation = frames[0]?.record.orientation;
  if (orientation === undefined || orientation === null) return [];
  const normal = sliceNormal(orientation);
  const placed = frames.flatMap((frame) => {
    const { position } = frame.record;
    return position === null ? [] : [{ frame, distance: dot(position, normal) }];
  });
  const slots: Slot[] = [];
  for (const { frame, distance } of placed.sort((a, b) => a.distance - b.distance)) {
    const last = slots[slots.length - 1];
    if (last !== undefined && distance - last.distance < SAME_DISTANCE_MM) last.frames.push(frame);
    else slots.push({ distance, frames: [frame] });
  }
  return slots;
}
