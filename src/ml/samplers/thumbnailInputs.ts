import { type FrameFeatures, THUMBNAIL_SIZE } from '../../contract/sampling.ts';

/** A frame's thumbnail, and how it differs from the one before and the one after. */
export const THUMBNAIL_CHANNELS = 3;
const PIXELS = THUMBNAIL_SIZE ** 2;

/** What takes mean and deviation out of a series: (value − mean) · scale. The scale of a constant series is 0. */
export function seriesScale(thumbnails: Float32Array): { mean: number; scale: number } {
  const mean = thumbnails.reduce((sum, value) => sum + value, 0) / thumbnails.length;
  const square = thumbnails.reduce((sum, value) => sum + (value - mean) ** 2, 0) / thumbnails.length;
  return { mean, scale: square > 0 ? 1 / Math.sqrt(square) : 0 };
}

/** T × 1024: thumbnails with the mean and deviation of the series taken out; a constant series is 0. */
export function standardThumbnails({ thumbnails }: Pick<FrameFeatures, 'thumbnails'>): Float32Array {
  const { mean, scale } = seriesScale(thumbnails);
  return thumbnails.map((value) => (value - mean) * scale);
}

/**
 * What learned features are computed from: channels first of every frame, T × 3 × 1024. A missing neighbour repeats the
 * frame.
 * @param standard as `standardThumbnails` gives it
 */
export function thumbnailChannels(standard: Float32Array): Float32Array {
  const frames = standard.length / PIXELS;
  const channels = new Float32Array(THUMBNAIL_CHANNELS * standard.length);
  const at = (t: number): Float32Array => standard.subarray(t * PIXELS, (t + 1) * PIXELS);
  for (let t = 0; t < frames; t++) {
    const [own, before, after] = [at(t), at(Math.max(0, t - 1)), at(Math.min(frames - 1, t + 1))];
    const start = t * THUMBNAIL_CHANNELS * PIXELS;
    channels.set(own, start);
    for (let i = 0; i < PIXELS; i++) {
      channels[start + PIXELS + i] = own[i]! - before[i]!;
      channels[start + 2 * PIXELS + i] = own[i]! - after[i]!;
    }
  }
  return channels;
}
