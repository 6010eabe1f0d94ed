/** Colour of any photometric interpretation as RGB by pixel (PS3.3 C.7.6.3.1.2). */
import type { StoredArray } from '../../contract/frame.ts';
import type { PixelFormat } from '../../contract/series.ts';
import { frameFailed } from '../codecs/codec.ts';
import type { Decoded } from '../codecs/codec.ts';
import { interleaveRgb } from './interleave.ts';
import { ybrToRgb } from './ybrToRgb.ts';

/** YBR_RCT and YBR_ICT are undone by the JPEG 2000 decoder. */
const RGB = ['RGB', 'YBR_RCT', 'YBR_ICT'];

/**
 * @param values stored values of `decoded`, three or four samples per pixel, changed in place
 * @throws KeysliceError FRAME_FAILED for a photometric interpretation that is not known
 */
export function colorValues(values: StoredArray, decoded: Decoded, format: PixelFormat): StoredArray {
  const rgb = interleaveRgb(values, decoded.components, decoded.layout);
  if (decoded.color === 'rgb' || RGB.includes(format.photometric)) return rgb;
  const full = format.photometric.startsWith('YBR_FULL');
  if (!full && !format.photometric.startsWith('YBR_PARTIAL')) {
    throw frameFailed(`the photometric interpretation ${format.photometric} is not known for colour`);
  }
  ybrToRgb(rgb, format.bitsStored, full);
  return rgb;
}
