/** A small picture of a frame for lists and the film strip. */
import type { Frame } from '../../contract/frame.ts';
import type { VoiTransform } from '../../contract/series.ts';
import { displayed } from './displayed.ts';

export interface Thumbnail {
  width: number;
  height: number;
  /** RGBA by pixel, row by row, opaque. */
  pixels: Uint8ClampedArray;
}

/**
 * The frame as displayed, its longer side `size` pixels at most, each the mean of the pixels it covers. Pixels are
 * taken for square.
 */
export function thumbnail(frame: Frame, window: VoiTransform | null, size: number): Thumbnail {
  const { rows, columns } = frame;
  const scale = Math.min(1, size / Math.max(rows, columns));
  const width = Math.max(1, Math.round(columns * scale));
  const height = Math.max(1, Math.round(rows * scale));
  const { channels, pixels: shown } = displayed(frame, window);
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * columns) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * columns) / width));
      const top = Math.floor((y * rows) / height);
      const bottom = Math.max(top + 1, Math.floor(((y + 1) * rows) / height));
      const block = { left, right, top, bottom };
      for (let c = 0; c < 3; c++) {
        pixels[(y * width + x) * 4 + c] = blockMean(shown, columns, channels, channels === 3 ? c : 0, block);
      }
    }
  }
  return { width, height, pixels };
}

interface Block {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function blockMean(
  display: Uint8ClampedArray,
  columns: number,
  samples: number,
  sample: number,
  { left, right, top, bottom }: Block,
): number {
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) sum += display[(y * columns + x) * samples + sample]!;
  }
  return sum / ((right - left) * (bottom - top));
}
