import type { Orientation, Vec3 } from '../../contract/series.ts';
import { sliceNormal } from './vector.ts';

const AXES = ['x', 'y', 'z'] as const;

/** Where a slice lies: the patient axis that its normal follows most, and its place on that axis in mm. */
export function slicePosition(
  position: Vec3 | null,
  orientation: Orientation | null,
): { axis: 'x' | 'y' | 'z'; mm: number } | null {
  if (position === null || orientation === null) return null;
  const normal = sliceNormal(orientation).map(Math.abs);
  const largest = normal.indexOf(Math.max(...normal));
  const axis = AXES[largest];
  const mm = position[largest];
  return axis === undefined || mm === undefined ? null : { axis, mm };
}
