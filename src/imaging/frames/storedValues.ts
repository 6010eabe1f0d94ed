/** From decoded samples to stored values: BitsStored, HighBit and the sign of the header (PS3.5 8.1.1). */
import { warning } from '../../contract/errors.ts';
import type { Warning } from '../../contract/errors.ts';
import type { StoredArray } from '../../contract/frame.ts';
import type { PixelFormat } from '../../contract/series.ts';
import type { Decoded } from '../codecs/codec.ts';

export interface StoredValues {
  values: StoredArray;
  warnings: readonly Warning[];
}

/**
 * Integer samples in the header's own type. Bits outside BitsStored are dropped, with a warning unless they are
 * `overlayBits` (a mask). Where a compressed stream is unsigned and the header says signed, the sign bit is the
 * highest bit that both have.
 */
export function storedValues(decoded: Decoded, format: PixelFormat, overlayBits = 0): StoredValues {
  const { samples } = decoded;
  if (format.number !== 'integer' || format.bitsAllocated === 64 || format.bitsAllocated === 1) {
    return { values: samples, warnings: [] };
  }
  const typed = inHeaderType(samples, format);
  if (decoded.signed && format.signed) return { values: typed, warnings: [] };
  const bits = Math.min(format.bitsStored, decoded.bits);
  // A compressed stream holds the stored bits alone; shifted or overlaid bits exist in native data.
  const low = decoded.bits < format.bitsAllocated ? 0 : format.highBit + 1 - format.bitsStored;
  if (bits === format.bitsAllocated && low === 0) return { values: typed, warnings: [] };
  const looked = (format.bitsAllocated === 32 ? -1 : (1 << format.bitsAllocated) - 1) & ~overlayBits;
  const dropped = maskInPlace(typed, { low, bits, looked }, format.signed);
  const reason = 'bits outside the stored bits were set and left out';
  return { values: typed, warnings: dropped ? [warning('HEADER_QUESTIONABLE', { reason })] : [] };
}

/** The array type of BitsAllocated and the sign; bits are kept where only the sign differs. */
function inHeaderType(samples: StoredArray, { bitsAllocated, signed }: PixelFormat): StoredArray {
  const Type = TYPES[`${signed ? 'int' : 'uint'}${bitsAllocated}`];
  if (Type === undefined || samples instanceof Type) return samples;
  return samples.BYTES_PER_ELEMENT === Type.BYTES_PER_ELEMENT && samples.buffer instanceof ArrayBuffer
    ? new Type(samples.buffer)
    : Type.from(samples);
}

interface IntegerType {
  new (buffer: ArrayBuffer): StoredArray;
  from(values: ArrayLike<number>): StoredArray;
  readonly BYTES_PER_ELEMENT: number;
}

const TYPES: Readonly<Record<string, IntegerType | undefined>> = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
};

/** Which bits of a word are its value, and which of the others should be empty. */
interface Bits {
  low: number;
  bits: number;
  looked: number;
}

/** Keeps `bits` bits from bit `low` on and extends the sign; true when bits that are no sign were dropped. */
function maskInPlace(values: StoredArray, { low, bits, looked }: Bits, signed: boolean): boolean {
  const high = low + bits;
  const up = 32 - high;
  const down = 32 - bits;
  const below = ((1 << low) - 1) & looked;
  // A shift by 32 is none in JavaScript: at the top of a word of 32 bits nothing is above.
  const above = high === 32 ? 0 : (-1 << high) & looked;
  let dropped = false;
  for (let i = 0; i < values.length; i++) {
    const stored = values[i]!;
    const rest = stored & above;
    dropped ||= (stored & below) !== 0 || (rest !== 0 && !(signed && rest === above));
    values[i] = signed ? (stored << up) >> down : (stored << up) >>> down;
  }
  return dropped;
}
