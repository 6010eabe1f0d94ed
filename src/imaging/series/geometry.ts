import { warning, type Warning } from '../../contract/errors.ts';
import type { Geometry, Matrix4, Orientation, Vec3 } from '../../contract/series.ts';
import { sliceNormal } from '../dicom/imagePlane.ts';
import { dot, length, scale, subtract } from './vector.ts';

export interface Plane {
  position: Vec3;
  orientation: Orientation;
}

/** Uneven by more than this, and by more than a hundredth of the median, is not a rounding error. */
const UNEVEN_MM = 0.01;
const UNEVEN_SHARE = 0.01;
const GAP_TOLERANCE = 0.1;
/** In-plane drift per mm along the normal, and in all, above which a stack counts as sheared. */
const SHEAR_SHARE = 0.001;
const SHEAR_MM = 0.05;

/** Geometry of frames whose place is unknown, or who all stand at one place. */
export const NO_GEOMETRY: Geometry = {
  evenlySpaced: false,
  shearDegrees: 0,
  sliceSpacing: null,
  affine: null,
};

/**
 * Checks planes of one orientation, sorted along their normal: spacing, gaps, shear. `pixelSpacing` is row, then
 * column spacing in mm; without it there is no affine. The affine runs from the first to the last plane, so that
 * a shear stays in it.
 */
export function checkGeometry(
  planes: readonly Plane[],
  pixelSpacing: readonly [number, number] | null,
  sliceThickness: number | null,
): { geometry: Geometry; warnings: Warning[] } {
  const first = planes[0];
  const last = planes.at(-1);
  if (first === undefined || last === undefined) return { geometry: NO_GEOMETRY, warnings: [] };
  const normal = sliceNormal(first.orientation);
  const span = subtract(last.position, first.position);
  const step = planes.length > 1 ? scale(span, 1 / (planes.length - 1)) : scale(normal, sliceThickness ?? 1);
  const shearDegrees = shear(span, normal);
  const spacing = checkSpacing(planes.map(({ position }) => dot(position, normal)));
  const geometry: Geometry = {
    evenlySpaced: spacing.even && inLine(planes, step, normal),
    shearDegrees,
    sliceSpacing: spacing.median,
    affine: pixelSpacing === null ? null : planeAffine(first, pixelSpacing, step),
  };
  const tilt = shearDegrees === 0 ? [] : [warning('GANTRY_TILT', { degrees: rounded(shearDegrees, 2) })];
  return { geometry, warnings: [...spacing.warnings, ...tilt] };
}

/** Angle between the stacking direction and the normal, degrees; 0 when it is no more than rounding. */
function shear(span: Vec3, normal: Vec3): number {
  const along = dot(span, normal);
  const aside = length(subtract(span, scale(normal, along)));
  if (aside <= SHEAR_MM || aside <= SHEAR_SHARE * Math.abs(along)) return 0;
  return (Math.atan2(aside, Math.abs(along)) * 180) / Math.PI;
}

interface Spacing {
  even: boolean;
  median: number | null;
  warnings: Warning[];
}

function checkSpacing(distances: readonly number[]): Spacing {
  const steps = distances.slice(1).map((distance, index) => distance - (distances[index] ?? distance));
  const sorted = [...steps].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted[sorted.length - 1];
  // The lower middle: of two steps, one and two slices wide, the narrow one is the spacing.
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  if (min === undefined || max === undefined || median === undefined) {
    return { even: true, median: null, warnings: [] };
  }
  const tolerance = Math.max(UNEVEN_MM, UNEVEN_SHARE * median);
  if (Math.max(max - median, median - min) <= tolerance) return { even: true, median, warnings: [] };
  const facts = { min: rounded(min, 3), max: rounded(max, 3), median: rounded(median, 3) };
  return { even: false, median, warnings: [warning('SPACING_UNEVEN', facts), ...missing(steps, median)] };
}

/** Gaps of a whole number of spacings (within a tenth of one) are missing slices. */
function missing(steps: readonly number[], median: number): Warning[] {
  const gaps = steps.map((step) => {
    const slices = Math.round(step / median);
    return slices > 1 && Math.abs(step / median - slices) <= GAP_TOLERANCE ? slices - 1 : 0;
  });
  const count = gaps.reduce((sum, gap) => sum + gap, 0);
  // Image numbers in sentences start at 1.
  return count === 0
    ? []
    : [warning('SLICES_MISSING', { count, after: gaps.findIndex((gap) => gap > 0) + 1 })];
}

/** Whether no plane stands aside of the line from the first to the last. */
function inLine(planes: readonly Plane[], step: Vec3, normal: Vec3): boolean {
  const origin = planes[0]?.position;
  if (origin === undefined) return true;
  const tolerance = Math.max(SHEAR_MM, UNEVEN_SHARE * length(step));
  return planes.every(({ position }, index) => {
    const offset = subtract(subtract(position, origin), scale(step, index));
    return length(subtract(offset, scale(normal, dot(offset, normal)))) <= tolerance;
  });
}

/** Voxel (column, row, frame) to LPS mm (PS3.3 C.7.6.2.1.1), with `step` from frame to frame. */
export function planeAffine(
  { position, orientation: [rx, ry, rz, cx, cy, cz] }: Plane,
  [rowSpacing, columnSpacing]: readonly [number, number],
  step: Vec3,
): Matrix4 {
  return [
    [rx * columnSpacing, cx * rowSpacing, step[0], position[0]],
    [ry * columnSpacing, cy * rowSpacing, step[1], position[1]],
    [rz * columnSpacing, cz * rowSpacing, step[2], position[2]],
    [0, 0, 0, 1],
  ];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
