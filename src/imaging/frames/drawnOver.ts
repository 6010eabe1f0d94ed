import type { Frame } from '../../contract/frame.ts';
import type { Palette } from '../../contract/series.ts';
import { applyPalette } from './palette.ts';

/**
 * What lies over a frame without being part of its values: the colours of a supplemental palette (PS3.3 C.7.6.19),
 * on them the overlay planes in white. RGBA by pixel, transparent where there is neither; null when nothing is drawn.
 */
export function drawnOver({ values, samples, overlay, supplemental }: Frame): Uint8ClampedArray | null {
  if (overlay === undefined && supplemental === undefined) return null;
  const pixels = values.length / samples;
  const drawn = new Uint8ClampedArray(pixels * 4);
  if (supplemental !== undefined && samples === 1) drawColors(drawn, values, supplemental);
  if (overlay !== undefined) drawMask(drawn, overlay);
  return drawn;
}

function drawColors(drawn: Uint8ClampedArray, values: Frame['values'], palette: Palette): void {
  const colors = applyPalette(values, palette);
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < palette.first) continue;
    drawn.set(colors.subarray(3 * i, 3 * i + 3), 4 * i);
    drawn[4 * i + 3] = 255;
  }
}

function drawMask(drawn: Uint8ClampedArray, mask: Uint8Array): void {
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) drawn.fill(255, 4 * i, 4 * i + 4);
}
