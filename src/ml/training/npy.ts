/** Arrays of unsigned bytes from .npy members (NumPy enhancement proposal 1, format version 1.0). */
export interface ByteArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const MAGIC = '\x93NUMPY\x01\x00';
const PREFIX = 10;

/** @throws RangeError on anything but an unsigned-byte array in C order whose length fits its shape. */
export function readNpy(file: Uint8Array): ByteArray {
  const ascii = (from: number, to: number): string => String.fromCharCode(...file.subarray(from, to));
  if (file.length < PREFIX || ascii(0, MAGIC.length) !== MAGIC)
    throw new RangeError('not a .npy file of version 1.0');
  const start = PREFIX + new DataView(file.buffer, file.byteOffset).getUint16(8, true);
  const header = ascii(PREFIX, Math.min(start, file.length));
  const dimensions = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (
    !/'descr':\s*'\|u1'/.test(header) ||
    !/'fortran_order':\s*False/.test(header) ||
    dimensions === undefined
  ) {
    throw new RangeError('not an array of unsigned bytes in C order');
  }
  const shape = dimensions
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const data = file.subarray(start);
  if (shape.reduce((product, length) => product * length, 1) !== data.length) {
    throw new RangeError(`the shape (${shape.join(', ')}) does not fit ${data.length} bytes`);
  }
  return { shape, data };
}
