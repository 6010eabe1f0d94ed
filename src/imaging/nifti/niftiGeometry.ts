import { warning, type Warning } from '../../contract/errors.ts';
import type { Geometry, Matrix4, Orientation, Vec3 } from '../../contract/series.ts';
import { cross, dot, length, scale } from '../series/vector.ts';
import type { NiftiHeader } from './niftiHeader.ts';
import { niftiPlacement } from './niftiAffine.ts';

export interface NiftiGeometry {
  geometry: Geometry;
  orientation: Orientation | null;
  /** Row spacing, then column spacing, mm. */
  pixelSpacing: readonly [number, number] | null;
  spacingNote: string;
  /** Position of the first pixel of a slice, LPS mm. */
  position: (slice: number) => Vec3 | null;
}

/** Axes may be off the right angle by what single precision costs, not by more. */
const PERPENDICULAR = 0.001;

/** Spacing, orientation and shear of a volume from its affine, or from pixdim where that is all there is. */
export function niftiGeometry(header: NiftiHeader, warnings: Warning[]): NiftiGeometry {
  const { affine, source, unitMm } = niftiPlacement(header, warnings);
  const unitNote = (header.units & 7) === 0 ? '; the header names no unit, mm is assumed' : '';
  if (affine === null) return fromPixdim(header.pixdims, unitMm, unitNote);
  const [columnStep, rowStep, sliceStep] = [axis(affine, 0), axis(affine, 1), axis(affine, 2)];
  const pixelSpacing = [length(rowStep), length(columnStep)] as const;
  const orientation = directions(columnStep, rowStep);
  if (orientation === null) {
    warnings.push(warning('GEOMETRY_UNKNOWN', { reason: 'rows and columns are not at a right angle' }));
  }
  const normal = cross(scale(columnStep, 1 / pixelSpacing[1]), scale(rowStep, 1 / pixelSpacing[0]));
  const shearDegrees = shear(sliceStep, normal);
  if (shearDegrees > 0) warnings.push(warning('GANTRY_TILT', { degrees: Number(shearDegrees.toFixed(2)) }));
  const sliceSpacing = dot(sliceStep, scale(normal, 1 / length(normal)));
  return {
    geometry: { evenlySpaced: true, shearDegrees, sliceSpacing, affine },
    orientation,
    pixelSpacing,
    spacingNote: `NIfTI ${source}${unitNote}`,
    position: (slice) => [
      affine[0][2] * slice + affine[0][3],
      affine[1][2] * slice + affine[1][3],
      affine[2][2] * slice + affine[2][3],
    ],
  };
}

function fromPixdim(pixdims: readonly number[], unitMm: number, unitNote: string): NiftiGeometry {
  const [, column = 0, row = 0, slice = 0] = pixdims.map((size) => Math.abs(size) * unitMm);
  const known = [column, row].every((size) => Number.isFinite(size) && size > 0);
  const sliceSpacing = Number.isFinite(slice) && slice > 0 ? slice : null;
  return {
    geometry: { evenlySpaced: true, shearDegrees: 0, sliceSpacing, affine: null },
    orientation: null,
    pixelSpacing: known ? [row, column] : null,
    spacingNote: known ? `NIfTI pixdim${unitNote}` : 'The header gives no voxel size',
    position: () => null,
  };
}

const axis = (affine: Matrix4, column: 0 | 1 | 2): Vec3 => [
  affine[0][column],
  affine[1][column],
  affine[2][column],
];

function directions(columnStep: Vec3, rowStep: Vec3): Orientation | null {
  const column = scale(columnStep, 1 / length(columnStep));
  const row = scale(rowStep, 1 / length(rowStep));
  return Math.abs(dot(column, row)) < PERPENDICULAR ? [...column, ...row] : null;
}

/** Angle between the step from slice to slice and the normal, degrees; 0 when it is no more than rounding. */
function shear(sliceStep: Vec3, normal: Vec3): number {
  const cosine = Math.abs(dot(sliceStep, normal)) / (length(sliceStep) * length(normal));
  const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
  return sine <= PERPENDICULAR ? 0 : (Math.asin(Math.min(1, sine)) * 180) / Math.PI;
}
