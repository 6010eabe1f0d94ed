import type { StoredArray } from '../../contract/frame.ts';

/** RGB by pixel from `components` samples by plane or by pixel; a fourth component (alpha) is left out. */
export function interleaveRgb(
  samples: StoredArray,
  components: number,
  layout: 'interleaved' | 'planar',
): StoredArray {
  if (components === 3 && layout === 'interleaved') return samples;
  const pixels = samples.length / components;
  const pixelStep = layout === 'planar' ? 1 : components;
  const componentStep = layout === 'planar' ? pixels : 1;
  const rgb = samples.slice(0, pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const from = i * pixelStep;
    rgb[3 * i] = samples[from]!;
    rgb[3 * i + 1] = samples[from + componentStep]!;
    rgb[3 * i + 2] = samples[from + 2 * componentStep]!;
  }
  return rgb;
}
