/** Uncompressed pixel data (PS3.5 section 8) and NIfTI voxels. */
import type { StoredArray } from '../../contract/frame.ts';
import type { PixelFormat } from '../../contract/series.ts';
import { warning } from '../../contract/errors.ts';
import type { Warning } from '../../contract/errors.ts';
import { frameFailed } from './codec.ts';
import type { Decoded } from './codec.ts';
import { expand422 } from './expand422.ts';
import { readSamples } from './readSamples.ts';
import { unpackBits } from './unpackBits.ts';

/** Samples as the header describes them; 64-bit integers as float64, complex numbers as their magnitude. */
export function decodeNative(bytes: Uint8Array, format: PixelFormat): Decoded {
  const warnings: Warning[] = [];
  return {
    rows: format.rows,
    columns: format.columns,
    components: format.samplesPerPixel,
    bits: format.bitsAllocated,
    signed: false,
    samples: nativeSamples(bytes, format, warnings),
    layout: format.planarConfiguration === 1 && format.samplesPerPixel > 1 ? 'planar' : 'interleaved',
    color: 'declared',
    warnings,
  };
}

function nativeSamples(bytes: Uint8Array, format: PixelFormat, warnings: Warning[]): StoredArray {
  if (format.swappedBytes) swapPairs(bytes);
  const pixels = format.rows * format.columns;
  const count = pixels * format.samplesPerPixel;
  if (format.bitsAllocated === 1) return unpackBits(exactly(bytes, Math.ceil(count / 8)), count);
  const size = format.bitsAllocated / 8;
  if (isSubsampled(format, bytes.length, count * size)) {
    const stored = readSamples(exactly(bytes, pixels * 2 * size), format);
    return expand422(stored, format.rows, format.columns);
  }
  const samples = readSamples(exactly(bytes, count * size), format);
  if (format.bitsAllocated === 64 && format.number === 'integer' && !samples.every(isExact)) {
    warnings.push(warning('VALUES_ROUNDED'));
  }
  return samples;
}

/** @throws KeysliceError FRAME_FAILED when a frame ends within a word */
function swapPairs(bytes: Uint8Array): void {
  if (bytes.length % 2 !== 0) throw frameFailed('big-endian words of an odd number of bytes');
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).swap16();
}

const isExact = (value: number): boolean => Math.abs(value) <= Number.MAX_SAFE_INTEGER;

/** Some writers say YBR_FULL_422 and store all samples: the length decides. */
function isSubsampled(format: PixelFormat, stored: number, full: number): boolean {
  return format.photometric.endsWith('_422') && format.samplesPerPixel === 3 && stored < full;
}

function exactly(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length < length) throw frameFailed(`${length} bytes are needed, ${bytes.length} are there`);
  return bytes.length === length ? bytes : bytes.subarray(0, length);
}
