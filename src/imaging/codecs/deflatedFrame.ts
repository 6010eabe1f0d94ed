/** Deflated Image Frame Compression (PS3.5 Annex A): each frame is native pixel data, deflated (RFC 1951). */
import { inflateRawSync } from 'node:zlib';
import type { PixelFormat } from '../../contract/series.ts';
import { frameFailed } from './codec.ts';
import type { Decoded } from './codec.ts';
import { decodeNative } from './native.ts';

/** Never inflates to more than the frame that the header describes. @throws KeysliceError FRAME_FAILED */
export function decodeDeflatedFrame(bytes: Uint8Array, format: PixelFormat): Decoded {
  const { rows, columns, samplesPerPixel, bitsAllocated } = format;
  const needed = Math.ceil((rows * columns * samplesPerPixel * bitsAllocated) / 8);
  // A frame of an odd length is padded before it is deflated.
  return decodeNative(inflated(bytes, needed + (needed % 2)), format);
}

function inflated(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength });
  } catch (thrown) {
    const reason = `the ${bytes.length} deflated bytes are damaged, incomplete or more than ${maxOutputLength} when inflated`;
    throw frameFailed(reason, thrown);
  }
}
