import { readHeader } from 'nifti-reader-js';
import { KeysliceError } from '../../contract/errors.ts';

/** The fields of a NIfTI-1 or NIfTI-2 header that Keyslice uses (nifti1.h, nifti2.h). */
export interface NiftiHeader {
  version: 1 | 2;
  littleEndian: boolean;
  /** The data lie in a file of their own (`.img`). */
  pair: boolean;
  /** dim[0] to dim[7]. */
  dims: readonly number[];
  datatype: number;
  bitsPerVoxel: number;
  /** pixdim[0] (qfac) to pixdim[7]. */
  pixdims: readonly number[];
  voxOffset: number;
  slope: number;
  intercept: number;
  calMin: number;
  calMax: number;
  units: number;
  description: string;
  intentCode: number;
  qformCode: number;
  sformCode: number;
  /** b, c, d. */
  quaternion: readonly [number, number, number];
  qoffset: readonly [number, number, number];
  /** Rows of the sform. */
  srow: readonly [readonly number[], readonly number[], readonly number[]];
}

export const NIFTI1_HEADER_BYTES = 348;
export const NIFTI2_HEADER_BYTES = 540;
const SROW_OFFSET = { 1: 280, 2: 400 } as const;

/**
 * Reads a header from the first bytes of a file.
 * @throws KeysliceError NOT_AN_IMAGE, FILE_TRUNCATED
 */
export function parseNiftiHeader(head: Uint8Array): NiftiHeader {
  const version = head[344] === 0x6e && head[346] === 0x31 ? 1 : 2;
  const size = version === 1 ? NIFTI1_HEADER_BYTES : NIFTI2_HEADER_BYTES;
  if (head.length < size) throw new KeysliceError('FILE_TRUNCATED', { expected: size, actual: head.length });
  // NIFTI2 of nifti-reader-js looks for extensions behind the header; four zero bytes say that there are none.
  const padding = version === 1 ? 0 : 4;
  const bytes = new Uint8Array(size + padding);
  bytes.set(head.subarray(0, size));
  const header = parse(bytes.buffer);
  const view = new DataView(bytes.buffer);
  return {
    version,
    littleEndian: header.littleEndian,
    pair: header.magic.startsWith('ni'),
    dims: header.dims,
    datatype: header.datatypeCode,
    bitsPerVoxel: header.numBitsPerVoxel,
    pixdims: header.pixDims,
    voxOffset: header.vox_offset,
    slope: header.scl_slope,
    intercept: header.scl_inter,
    calMin: header.cal_min,
    calMax: header.cal_max,
    units: header.xyzt_units,
    description: text(header.description),
    intentCode: header.intent_code,
    qformCode: header.qform_code,
    sformCode: header.sform_code,
    quaternion: [header.quatern_b, header.quatern_c, header.quatern_d],
    qoffset: [header.qoffset_x, header.qoffset_y, header.qoffset_z],
    srow: readSrow(view, version, header.littleEndian),
  };
}

function parse(buffer: ArrayBuffer): ReturnType<typeof readHeader> {
  try {
    return readHeader(buffer, true);
  } catch (cause) {
    throw new KeysliceError('NOT_AN_IMAGE', { reason: 'its NIfTI header is invalid' }, { cause });
  }
}

/** The library's affine prefers the qform when its code is larger; nibabel and we take the sform first. */
function readSrow(view: DataView, version: 1 | 2, littleEndian: boolean): NiftiHeader['srow'] {
  const size = version === 1 ? 4 : 8;
  const row = (index: number): number[] =>
    Array.from({ length: 4 }, (_, column) => {
      const at = SROW_OFFSET[version] + (4 * index + column) * size;
      return version === 1 ? view.getFloat32(at, littleEndian) : view.getFloat64(at, littleEndian);
    });
  return [row(0), row(1), row(2)];
}

const text = (value: string): string => value.replace(/\0[\s\S]*$/, '').trim();
