import { warning, type Warning } from '../../contract/errors.ts';
import type { Matrix4, Vec4 } from '../../contract/series.ts';
import type { NiftiHeader } from './niftiHeader.ts';

type Rows = readonly [Vec4, Vec4, Vec4];

export interface NiftiPlacement {
  /** Voxel (column, row, frame) to LPS mm; null when the header does not say where the volume lies. */
  affine: Matrix4 | null;
  /** Which transform was used, for people. */
  source: string;
  /** mm per unit of the header. */
  unitMm: number;
}

const MM_PER_UNIT: Readonly<Record<number, number>> = { 1: 1000, 2: 1, 3: 0.001 };
const SPATIAL_UNITS = 7;
/** The sform and qform of one header differ by more than rounding. */
const DIFFERENCE_MM = 0.1;

/**
 * Where the volume lies (nifti1.h, "3D image orientation and location"): the sform, else the qform; with neither
 * (method 1) nothing is known about left and right. World axes are RAS there and LPS here: x and y change sign.
 */
export function niftiPlacement(header: NiftiHeader, warnings: Warning[]): NiftiPlacement {
  const unitMm = MM_PER_UNIT[header.units & SPATIAL_UNITS] ?? 1;
  const sform = header.sformCode > 0 ? usable(header.srow) : null;
  const qform = header.qformCode > 0 ? usable(qformRows(header)) : null;
  if (sform !== null && qform !== null && differ(sform, qform, header.dims, unitMm)) {
    warnings.push(
      warning('HEADER_QUESTIONABLE', { reason: 'sform and qform differ; the sform was followed' }),
    );
  }
  if (header.sformCode > 0 && sform === null) {
    warnings.push(warning('HEADER_QUESTIONABLE', { reason: 'the sform is singular and was not followed' }));
  }
  if (sform !== null) return { affine: toLps(sform, unitMm), source: 'sform', unitMm };
  if (qform !== null) return { affine: toLps(qform, unitMm), source: 'qform', unitMm };
  warnings.push(warning('GEOMETRY_UNKNOWN', { reason: 'the header has neither sform nor qform' }));
  return { affine: null, source: 'pixdim', unitMm };
}

function qformRows({ quaternion: [b, c, d], qoffset: [x, y, z], pixdims }: NiftiHeader): Rows {
  const [qfac = 1, i = 1, j = 1, k = 1] = pixdims;
  const [di, dj, dk] = [Math.abs(i), Math.abs(j), Math.abs(k) * (qfac < 0 ? -1 : 1)];
  // Rounding can make the vector part longer than one: then the rotation is by 180 degrees about it.
  const norm = Math.max(1, Math.hypot(b, c, d));
  const [qb, qc, qd] = [b / norm, c / norm, d / norm];
  const qa = Math.sqrt(Math.max(0, 1 - qb * qb - qc * qc - qd * qd));
  return [
    [
      (qa * qa + qb * qb - qc * qc - qd * qd) * di,
      2 * (qb * qc - qa * qd) * dj,
      2 * (qb * qd + qa * qc) * dk,
      x,
    ],
    [
      2 * (qb * qc + qa * qd) * di,
      (qa * qa + qc * qc - qb * qb - qd * qd) * dj,
      2 * (qc * qd - qa * qb) * dk,
      y,
    ],
    [
      2 * (qb * qd - qa * qc) * di,
      2 * (qc * qd + qa * qb) * dj,
      (qa * qa + qd * qd - qc * qc - qb * qb) * dk,
      z,
    ],
  ];
}

/** Null when the rows are not finite, or do not span space. */
function usable(rows: readonly (readonly number[])[]): Rows | null {
  const [x, y, z] = rows.map(vec4);
  if (x === undefined || y === undefined || z === undefined) return null;
  const determinant =
    x[0] * (y[1] * z[2] - y[2] * z[1]) -
    x[1] * (y[0] * z[2] - y[2] * z[0]) +
    x[2] * (y[0] * z[1] - y[1] * z[0]);
  return Number.isFinite(determinant) && determinant !== 0 && rows.flat().every(Number.isFinite)
    ? [x, y, z]
    : null;
}

const vec4 = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): Vec4 => [a, b, c, d];

/** Compared at the corners of the volume. */
function differ(a: Rows, b: Rows, dims: readonly number[], unitMm: number): boolean {
  const [, columns = 1, rows = 1, slices = 1] = dims;
  const corners = [0, columns - 1].flatMap((i) =>
    [0, rows - 1].flatMap((j) => [0, slices - 1].map((k) => [i, j, k])),
  );
  return corners.some(([i = 0, j = 0, k = 0]) =>
    a.some((row, axis) => {
      const other = b[axis] ?? row;
      const offset =
        (row[0] - other[0]) * i + (row[1] - other[1]) * j + (row[2] - other[2]) * k + row[3] - other[3];
      return Math.abs(offset) * unitMm > DIFFERENCE_MM;
    }),
  );
}

function toLps([x, y, z]: Rows, unitMm: number): Matrix4 {
  const scaled = (row: Vec4, factor: number): Vec4 => {
    const value = (entry: number): number => (entry === 0 ? 0 : entry * factor);
    return [value(row[0]), value(row[1]), value(row[2]), value(row[3])];
  };
  return [scaled(x, -unitMm), scaled(y, -unitMm), scaled(z, unitMm), [0, 0, 0, 1]];
}
