import type { PixelFormat } from '../../contract/series.ts';

type Description = Pick<PixelFormat, 'bitsAllocated' | 'samplesPerPixel' | 'signed' | 'number'>;

const integer = (bitsAllocated: 8 | 16 | 32 | 64, signed: boolean): Description => {
  return { bitsAllocated, samplesPerPixel: 1, signed, number: 'integer' };
};
const colors = (samplesPerPixel: 3 | 4): Description => {
  return { bitsAllocated: 8, samplesPerPixel, signed: false, number: 'integer' };
};
const real = (bitsAllocated: 32 | 64): Description => {
  return { bitsAllocated, samplesPerPixel: 1, signed: true, number: 'float' };
};
const complex = (bitsAllocated: 64 | 128): Description => {
  return { bitsAllocated, samplesPerPixel: 1, signed: true, number: 'complex' };
};

/** Data types of nifti1.h that can be shown. */
const TYPES: Readonly<Record<number, Description>> = {
  2: integer(8, false),
  4: integer(16, true),
  8: integer(32, true),
  16: real(32),
  32: complex(64),
  64: real(64),
  128: colors(3),
  256: integer(8, true),
  512: integer(16, false),
  768: integer(32, false),
  1024: integer(64, true),
  1280: integer(64, false),
  1792: complex(128),
  2304: colors(4),
};

const NOT_SHOWN: Readonly<Record<number, string>> = { 1: 'binary', 1536: 'float128', 2048: 'complex256' };

/** How the voxels of a data type are stored; null when they cannot be shown. */
export function niftiType(datatype: number): Description | null {
  return TYPES[datatype] ?? null;
}

/** The name of a type that cannot be shown; null when nifti1.h has no such type. */
export function unsupportedTypeName(datatype: number): string | null {
  return NOT_SHOWN[datatype] ?? null;
}
