import { readWholeIntegers } from '../codecs/readSamples.ts';
import type { FrameRequest } from './loadFrame.ts';
import { readFrameBytes } from './readFrameBytes.ts';

/**
 * The stored values of a frame of 64-bit integers, bit for bit; null for every other frame. A decoded frame holds
 * them as float64, which is what is shown and measured.
 * @throws KeysliceError as `readFrameBytes` does
 */
export async function loadWholeIntegers({
  record,
  file,
  unwrapped,
}: FrameRequest): Promise<BigInt64Array | BigUint64Array | null> {
  const { source, pixel } = record;
  if (pixel.number !== 'integer' || pixel.bitsAllocated !== 64 || source.encapsulated) return null;
  const bytes = await readFrameBytes({ source, file, unwrapped });
  return readWholeIntegers(bytes.subarray(0, pixel.rows * pixel.columns * pixel.samplesPerPixel * 8), pixel);
}
