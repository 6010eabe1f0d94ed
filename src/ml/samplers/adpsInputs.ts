import { type FrameFeatures, THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import { seriesScale } from './thumbnailInputs.ts';

/** A-DPS sees frames as pictures of 16 × 16. */
const SEEN_SIZE = 16;
export const SEEN_COUNT = SEEN_SIZE * SEEN_SIZE;
/** As many cosines as tell apart the frames of a series of 32. */
export const PLACE_COUNT = 32;

const BLOCK = THUMBNAIL_SIZE / SEEN_SIZE;

/** T × 256: each thumbnail halved, with the mean and deviation of the series taken out; a constant series is 0. */
export function seenFrames({
  thumbnails,
  frames,
}: Pick<FrameFeatures, 'thumbnails' | 'frames'>): Float32Array {
  const { mean, scale } = seriesScale(thumbnails);
  return Float32Array.from({ length: frames.length * SEEN_COUNT }, (_, at) => {
    const [t, pixel] = [Math.floor(at / SEEN_COUNT), at % SEEN_COUNT];
    const first = t * THUMBNAIL_SIZE ** 2 + Math.floor(pixel / SEEN_SIZE) * BLOCK * THUMBNAIL_SIZE;
    const corner = first + (pixel % SEEN_SIZE) * BLOCK;
    let sum = 0;
    for (let y = 0; y < BLOCK; y++)
      for (let x = 0; x < BLOCK; x++) sum += thumbnails[corner + y * THUMBNAIL_SIZE + x]! - mean;
    return (sum / BLOCK ** 2) * scale;
  });
}

/** T × 32: cos(π·m·u) for m = 1…32 at u = t/(T − 1), so that one set of weights serves any T; ½ when T = 1. */
export function placeCodes(frames: number): Float32Array {
  return Float32Array.from({ length: frames * PLACE_COUNT }, (_, at) => {
    const u = frames === 1 ? 0.5 : Math.floor(at / PLACE_COUNT) / (frames - 1);
    return Math.cos(Math.PI * ((at % PLACE_COUNT) + 1) * u);
  });
}
