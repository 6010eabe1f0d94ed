import type { Orientation, Vec3 } from '../../contract/series.ts';

const AXES = ['x', 'y', 'z'] as const;

/** Where a slice lies: the patient axis that its normal follows most, and its place on that axis in mm. */
export function slicePosition(
  position: Vec3 | null,
  orientation: Orientation | null,
): { axis: 'x' | 'y' | 'z'; mm: number } | null {
  if (position === null || orientation === null) return null;
  const [ax, ay, az, bx, by, bz] = orientation;
  const normal = [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx].map(Math.abs);
  const largest = normal.indexOf(Math.max(...normal));
  const axis = AXES[largest];
  const mm = position[largest];
  return axis === undefined || mm === undefined ? null : { axis, mm };
}
