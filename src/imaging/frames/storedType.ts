import type { StoredArray, StoredType } from '../../contract/frame.ts';

/** The name of the array's number type, as the command line and NumPy give it. */
export function storedTypeOf(values: StoredArray): StoredType {
  if (values instanceof Uint8Array) return 'uint8';
  if (values instanceof Int8Array) return 'int8';
  if (values instanceof Uint16Array) return 'uint16';
  if (values instanceof Int16Array) return 'int16';
  if (values instanceof Uint32Array) return 'uint32';
  if (values instanceof Int32Array) return 'int32';
  return values instanceof Float32Array ? 'float32' : 'float64';
}
