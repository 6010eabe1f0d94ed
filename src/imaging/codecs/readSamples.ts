/** Numbers from bytes in the byte order and type of the header. */
import type { StoredArray } from '../../contract/frame.ts';
import type { PixelFormat } from '../../contract/series.ts';
import { frameFailed } from './codec.ts';

/** The bytes alone in a buffer, in this machine's (little-endian) order; the buffer that they come in where it may be. */
function ownBytes(bytes: Uint8Array, littleEndian: boolean, size: number): ArrayBuffer {
  const buffer = bufferOf(bytes) ?? Uint8Array.from(bytes).buffer;
  if (littleEndian || size === 1) return buffer;
  const swapped = Buffer.from(buffer);
  if (size === 2) swapped.swap16();
  else if (size === 4) swapped.swap32();
  else swapped.swap64();
  return buffer;
}

/** The buffer of bytes that have one for themselves: a frame of half a megabyte is not copied for nothing. */
function bufferOf({ buffer, byteLength }: Uint8Array): ArrayBuffer | null {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : null;
}

/**
 * Integers of 8, 16, 32 bits in their own type, 64 bits as float64; floats in their own type; complex numbers as
 * magnitudes in the type of their parts. `bytes` holds a whole number of samples, and is the caller's no longer.
 * @throws KeysliceError FRAME_FAILED for widths that do not exist
 */
export function readSamples(bytes: Uint8Array, format: PixelFormat): StoredArray {
  const { bitsAllocated, littleEndian } = format;
  const partBytes = format.number === 'complex' ? bitsAllocated / 16 : bitsAllocated / 8;
  const buffer = ownBytes(bytes, littleEndian, partBytes);
  if (format.number === 'integer') return integers(buffer, bitsAllocated, format.signed);
  const parts =
    partBytes === 4 ? new Float32Array(buffer) : partBytes === 8 ? new Float64Array(buffer) : null;
  if (parts === null) throw frameFailed(`${format.number} numbers of ${bitsAllocated} bits are not known`);
  return format.number === 'complex' ? magnitudes(parts) : parts;
}

function integers(buffer: ArrayBuffer, bits: PixelFormat['bitsAllocated'], signed: boolean): StoredArray {
  switch (bits) {
    case 8:
      return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
    case 16:
      return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
    case 32:
      return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
    case 64:
      return Float64Array.from(wholeIntegers(buffer, signed), Number);
    default:
      throw frameFailed(`integers of ${bits} bits are not known`);
  }
}

const wholeIntegers = (buffer: ArrayBuffer, signed: boolean): BigInt64Array | BigUint64Array =>
  signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer);

/** Integers of 64 bits as they are stored, where `readSamples` rounds to float64. */
export function readWholeIntegers(
  bytes: Uint8Array,
  { littleEndian, signed }: Pick<PixelFormat, 'littleEndian' | 'signed'>,
): BigInt64Array | BigUint64Array {
  return wholeIntegers(ownBytes(bytes, littleEndian, 8), signed);
}

function magnitudes(parts: Float32Array | Float64Array): Float32Array | Float64Array {
  const result =
    parts instanceof Float32Array ? new Float32Array(parts.length / 2) : new Float64Array(parts.length / 2);
  for (let i = 0; i < result.length; i++) result[i] = Math.hypot(parts[2 * i]!, parts[2 * i + 1]!);
  return result;
}
