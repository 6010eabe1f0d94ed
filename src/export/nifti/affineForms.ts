import type { Vec3 } from '../../contract/series.ts';

/** A NIfTI affine by columns, mm, NIfTI axes: steps along i, j, k, and the centre of the first voxel. */
export interface NiftiAffine {
  columns: readonly [Vec3, Vec3, Vec3];
  origin: Vec3;
}

/** The qform of an affine (nifti1.h, method 2). */
export interface Qform {
  quaternion: Vec3;
  qfac: 1 | -1;
}

/** Cosine of neighbouring axes above which a qform would put far slices in the wrong place: 0.1 mm in a metre. */
const SHEAR = 1e-4;

export const length = ([x, y, z]: Vec3): number => Math.hypot(x, y, z);

/** Rotation and handedness; null for a sheared affine, which a qform cannot hold. */
export function qformOf({ columns }: NiftiAffine): Qform | null {
  const [i, j, k] = columns.map(unit) as [Vec3, Vec3, Vec3];
  if ([dot(i, j), dot(j, k), dot(i, k)].some((cosine) => Math.abs(cosine) > SHEAR)) return null;
  const qfac = dot(cross(i, j), k) < 0 ? -1 : 1;
  return { quaternion: quaternionOf(i, j, [k[0] * qfac, k[1] * qfac, k[2] * qfac]), qfac };
}

/** b, c, d of the unit quaternion with a ≥ 0 of a proper rotation with these columns. */
function quaternionOf([r11, r21, r31]: Vec3, [r12, r22, r32]: Vec3, [r13, r23, r33]: Vec3): Vec3 {
  const a = Math.sqrt(Math.max(0, 1 + r11 + r22 + r33)) / 2;
  if (a > 0.25) return [(r32 - r23) / (4 * a), (r13 - r31) / (4 * a), (r21 - r12) / (4 * a)];
  // Near a half turn the largest of b, c, d is well conditioned.
  const squares: Vec3 = [1 + r11 - r22 - r33, 1 + r22 - r11 - r33, 1 + r33 - r11 - r22];
  const axis = squares.indexOf(Math.max(...squares));
  const largest = Math.sqrt(Math.max(0, squares[axis] ?? 0)) / 2;
  const [bc, bd, cd] = [r12 + r21, r13 + r31, r23 + r32].map((sum) => sum / (4 * largest)) as [
    number,
    number,
    number,
  ];
  const candidates: readonly Vec3[] = [
    [largest, bc, bd],
    [bc, largest, cd],
    [bd, cd, largest],
  ];
  const realParts = [r32 - r23, r13 - r31, r21 - r12];
  const [b, c, d] = candidates[axis] ?? [0, 0, 0];
  return (realParts[axis] ?? 0) < 0 ? [-b, -c, -d] : [b, c, d];
}

const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function unit(vector: Vec3): Vec3 {
  const size = length(vector) || 1;
  return [vector[0] / size, vector[1] / size, vector[2] / size];
}
