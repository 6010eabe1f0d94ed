import type { Orientation, Vec3 } from '../../contract/series.ts';
import type { Attributes } from './attributes.ts';
import type { FrameGroups } from './functionalGroups.ts';

export interface ImagePlane {
  position: Vec3 | null;
  orientation: Orientation | null;
}

/** A place farther off than a kilometre is none: sums and products of such numbers are not finite any more. */
const FARTHEST_MM = 1e6;
/** Direction cosines may be off by what a few decimals cost, not by more. */
const COSINE_TOLERANCE = 0.01;

/**
 * Position and orientation of one frame (PS3.3 C.7.6.2, C.7.6.16.2.3, C.7.6.16.2.4); of a dose grid, with the
 * offset of its plane (C.8.8.3.2). Cosines that are not perpendicular unit vectors give null.
 */
export function readImagePlane(dataSet: Attributes, groups: FrameGroups, frame: number): ImagePlane {
  const position = vec3((groups.macro('PlanePositionSequence') ?? dataSet).numbers('ImagePositionPatient'));
  const orientation = asOrientation(
    (groups.macro('PlaneOrientationSequence') ?? dataSet).numbers('ImageOrientationPatient'),
  );
  const offset = gridOffset(dataSet, frame);
  if (offset === null || position === null || orientation === null) return { position, orientation };
  const normal = sliceNormal(orientation);
  return {
    position: [
      position[0] + normal[0] * offset,
      position[1] + normal[1] * offset,
      position[2] + normal[2] * offset,
    ],
    orientation,
  };
}

/** Row direction × column direction: where frames ascend. */
export function sliceNormal([rx, ry, rz, cx, cy, cz]: Orientation): Vec3 {
  return [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
}

function gridOffset(dataSet: Attributes, frame: number): number | null {
  const offsets = dataSet.numbers('GridFrameOffsetVector');
  const offset = offsets[frame];
  // Without a leading zero the values are coordinates, not distances from the first plane.
  const distance = offset === undefined ? null : offset - (offsets[0] ?? 0);
  return distance === null || Math.abs(distance) > FARTHEST_MM ? null : distance;
}

function vec3(values: readonly number[]): Vec3 | null {
  const [x, y, z] = values;
  if (values.length !== 3 || values.some((value) => Math.abs(value) > FARTHEST_MM)) return null;
  return x !== undefined && y !== undefined && z !== undefined ? [x, y, z] : null;
}

function asOrientation(values: readonly number[]): Orientation | null {
  const row = vec3(values.slice(0, 3));
  const column = vec3(values.slice(3));
  if (row === null || column === null) return null;
  const unit = [row, column].every((vector) => Math.abs(Math.hypot(...vector) - 1) < COSINE_TOLERANCE);
  const dot = row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
  return unit && Math.abs(dot) < COSINE_TOLERANCE ? [...row, ...column] : null;
}
