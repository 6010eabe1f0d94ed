import type { StoredType } from '../../contract/frame.ts';
import { viewOf } from '../viewOf.ts';
import { type NiftiAffine, length, qformOf } from './affineForms.ts';
import { NIFTI1_BYTES, NiftiHeader } from './niftiHeader.ts';

/** A volume described for a new NIfTI-1 header. */
export interface NiftiDescription {
  columns: number;
  rows: number;
  slices: number;
  phases: number;
  type: StoredType;
  affine: NiftiAffine;
  slope: number;
  intercept: number;
  description: string;
}

const DATA_TYPES: Readonly<Record<StoredType, readonly [code: number, bits: number]>> = {
  uint8: [2, 8],
  int16: [4, 16],
  int32: [8, 32],
  float32: [16, 32],
  float64: [64, 64],
  int8: [256, 8],
  uint16: [512, 16],
  uint32: [768, 32],
};
/** Header and an empty extension flag. */
const DATA_OFFSET = 352;
const UNITS_MM_SECONDS = 2 + 8;
/** NIFTI_XFORM_SCANNER_ANAT. */
const SCANNER = 1;

/** A little-endian NIfTI-1 header with sform, and qform where the axes are at right angles (nifti1.h). */
export function encodeNiftiHeader(volume: NiftiDescription): Uint8Array {
  const bytes = new Uint8Array(DATA_OFFSET);
  viewOf(bytes).setInt32(0, NIFTI1_BYTES, true);
  const header = new NiftiHeader(bytes);
  header.setSingleFile();
  const { columns, rows, slices, phases } = volume;
  const dim = [phases > 1 ? 4 : 3, columns, rows, slices, phases, 1, 1, 1];
  dim.forEach((size, axis) => {
    header.set('dim', size, axis);
  });
  const [code, bits] = DATA_TYPES[volume.type];
  header.set('datatype', code);
  header.set('bitsPerVoxel', bits);
  header.set('voxOffset', DATA_OFFSET);
  header.set('slope', volume.slope);
  header.set('intercept', volume.intercept);
  header.set('units', UNITS_MM_SECONDS);
  header.description = volume.description;
  setAffine(header, volume.affine);
  return bytes;
}

function setAffine(header: NiftiHeader, affine: NiftiAffine): void {
  const qform = qformOf(affine);
  header.set('pixdim', qform?.qfac ?? 1, 0);
  header.set('sformCode', SCANNER);
  header.set('qformCode', qform === null ? 0 : SCANNER);
  for (let axis = 0; axis < 3; axis += 1) {
    const column = affine.columns[axis] ?? [0, 0, 0];
    header.set('pixdim', length(column), axis + 1);
    header.set('quaternion', qform?.quaternion[axis] ?? 0, axis);
    header.set('qoffset', affine.origin[axis] ?? 0, axis);
    header.set('srow', affine.origin[axis] ?? 0, 4 * axis + 3);
    for (let row = 0; row < 3; row += 1) header.set('srow', column[row] ?? 0, 4 * row + axis);
  }
}
