import type { StoredArray, StoredType } from '../contract/frame.ts';

/** What `keyslice frame` writes: the arrays of frames, and integers of 64 bits. */
export type NpyArray = StoredArray | BigInt64Array | BigUint64Array;
export type NpyType = StoredType | 'int64' | 'uint64';

const DESCRIPTIONS: Readonly<Record<NpyType, string>> = {
  uint8: '|u1',
  int8: '|i1',
  uint16: '<u2',
  int16: '<i2',
  uint32: '<u4',
  int32: '<i4',
  int64: '<i8',
  uint64: '<u8',
  float32: '<f4',
  float64: '<f8',
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]; // \x93NUMPY, version 1.0
const ALIGNMENT = 64;

/** Little-endian bytes of the values; every platform that Keyslice runs on is little endian. */
export function valueBytes(values: NpyArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A NumPy array file (format version 1.0, C order). */
export function npyFile(values: NpyArray, dtype: NpyType, shape: readonly number[]): Uint8Array {
  const dims = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ');
  const header = `{'descr': '${DESCRIPTIONS[dtype]}', 'fortran_order': False, 'shape': (${dims}), }`;
  const unpadded = MAGIC.length + 2 + header.length + 1;
  const length = Math.ceil(unpadded / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(length + values.byteLength);
  file.set(MAGIC);
  new DataView(file.buffer).setUint16(MAGIC.length, length - MAGIC.length - 2, true);
  file.set(new TextEncoder().encode(`${header.padEnd(length - MAGIC.length - 3)}\n`), MAGIC.length + 2);
  file.set(valueBytes(values), length);
  return file;
}
