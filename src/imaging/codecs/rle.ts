/** RLE Lossless (PS3.5 Annex G): PackBits over planes of bytes, most significant byte of a sample first. */
import type { PixelFormat } from '../../contract/series.ts';
import type { StoredArray } from '../../contract/frame.ts';
import { frameFailed } from './codec.ts';
import type { Decoded } from './codec.ts';
import { unpackBits } from './unpackBits.ts';

const HEADER_BYTES = 64;
const MAX_SEGMENTS = 15;
/** Two bytes of PackBits give 128 at most. */
const MAX_EXPANSION = 64;

/** Samples by plane, in the unsigned type of BitsAllocated; the sign is applied with BitsStored later. */
export function decodeRle(bytes: Uint8Array, format: PixelFormat): Decoded {
  const pixels = format.rows * format.columns;
  // Pixels of one bit are packed before they are compressed.
  const packed = format.bitsAllocated === 1;
  const sampleBytes = packed ? 1 : format.bitsAllocated / 8;
  const plane = packed ? Math.ceil(pixels / 8) : pixels;
  const segments = segmentsOf(bytes);
  if (segments.length !== sampleBytes * format.samplesPerPixel) {
    throw frameFailed(
      `RLE with ${segments.length} segments, ${sampleBytes * format.samplesPerPixel} are needed`,
    );
  }
  if (plane * segments.length > bytes.length * MAX_EXPANSION)
    throw frameFailed('the RLE data ends too early');
  const samples = emptySamples(plane * format.samplesPerPixel, sampleBytes);
  const target = new Uint8Array(samples.buffer);
  segments.forEach((segment, index) => {
    const sample = Math.floor(index / sampleBytes);
    // Little-endian memory: the most significant byte comes last.
    const byte = sampleBytes - 1 - (index % sampleBytes);
    unpackSegment(segment, target, sample * plane * sampleBytes + byte, sampleBytes, plane);
  });
  const { rows, columns, samplesPerPixel: components } = format;
  const layout = components > 1 ? 'planar' : 'interleaved';
  return {
    rows,
    columns,
    components,
    bits: format.bitsAllocated,
    signed: false,
    samples: packed ? unpackBits(target, pixels) : samples,
    layout,
    color: 'declared',
    warnings: [],
  };
}

function emptySamples(count: number, sampleBytes: number): StoredArray {
  if (sampleBytes === 1) return new Uint8Array(count);
  if (sampleBytes === 2) return new Uint16Array(count);
  if (sampleBytes === 4) return new Uint32Array(count);
  throw frameFailed(`RLE of ${sampleBytes * 8} bits is not known`);
}

function segmentsOf(bytes: Uint8Array): Uint8Array[] {
  if (bytes.length < HEADER_BYTES) throw frameFailed('the RLE header is incomplete');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count === 0 || count > MAX_SEGMENTS) throw frameFailed(`RLE with ${count} segments`);
  const offsets = Array.from({ length: count }, (_, index) => view.getUint32(4 + 4 * index, true));
  return offsets.map((offset, index) => {
    const end = offsets[index + 1] ?? bytes.length;
    if (offset < HEADER_BYTES || end > bytes.length || offset > end) {
      throw frameFailed(`RLE segment ${index} lies outside the frame`);
    }
    return bytes.subarray(offset, end);
  });
}

/** Writes `count` bytes to `target` from `offset`, `stride` apart. */
function unpackSegment(
  segment: Uint8Array,
  target: Uint8Array,
  offset: number,
  stride: number,
  count: number,
): void {
  let from = 0;
  let done = 0;
  while (done < count && from < segment.length) {
    const control = segment[from++]!;
    if (control === 128) continue;
    const literal = control < 128;
    // A run may pass the end of the plane where rows were padded to an even length: the excess is dropped.
    const run = Math.min(literal ? control + 1 : 257 - control, count - done);
    if (from + (literal ? run : 1) > segment.length) break;
    for (let i = 0; i < run; i++) target[offset + (done + i) * stride] = segment[literal ? from + i : from]!;
    from += literal ? control + 1 : 1;
    done += run;
  }
  if (done < count) throw frameFailed(`an RLE segment ends after ${done} of ${count} bytes`);
}
