import type { StoredArray } from '../../contract/frame.ts';
import type { Palette } from '../../contract/series.ts';

/**
 * Indices to RGB of 8 bits, interleaved (PS3.3 C.7.9). Indices outside the table take its first or last entry;
 * of 16-bit entries the upper byte is shown.
 */
export function applyPalette(indices: StoredArray, palette: Palette): Uint8Array {
  const shift = palette.bits === 16 ? 8 : 0;
  const last = Math.min(palette.red.length, palette.green.length, palette.blue.length) - 1;
  const rgb = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) {
    const entry = Math.min(Math.max(indices[i]! - palette.first, 0), last);
    rgb[3 * i] = palette.red[entry]! >> shift;
    rgb[3 * i + 1] = palette.green[entry]! >> shift;
    rgb[3 * i + 2] = palette.blue[entry]! >> shift;
  }
  return rgb;
}
