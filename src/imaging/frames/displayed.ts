import type { Frame } from '../../contract/frame.ts';
import type { VoiTransform } from '../../contract/series.ts';
import { drawnOver } from './drawnOver.ts';
import { toDisplay } from './toDisplay.ts';

/** A picture of 8 bits: grey, or RGB by pixel. */
export interface Picture {
  channels: 1 | 3;
  pixels: Uint8ClampedArray;
}

/**
 * The frame as it is seen, with what is drawn over it; colours over grey make it RGB.
 * @param window for grey frames; null: the whole range of the frame
 */
export function displayed(frame: Frame, window: VoiTransform | null): Picture {
  const pixels = toDisplay(frame, window);
  const over = drawnOver(frame);
  if (over === null) return { channels: frame.samples, pixels };
  const channels = frame.supplemental === undefined ? frame.samples : 3;
  const result = channels === frame.samples ? pixels : grayToRgb(pixels);
  for (let i = 0; i < over.length / 4; i++) {
    if (over[4 * i + 3] === 0) continue;
    result.set(over.subarray(4 * i, 4 * i + channels), channels * i);
  }
  return { channels, pixels: result };
}

function grayToRgb(gray: Uint8ClampedArray): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(gray.length * 3);
  for (let i = 0; i < gray.length; i++) rgb.fill(gray[i]!, 3 * i, 3 * i + 3);
  return rgb;
}
