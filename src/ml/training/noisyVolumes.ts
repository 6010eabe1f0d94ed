import { seededRandom } from '../seededRandom.ts';
import type { LabelledVolumes } from './dataSet.ts';
import { gaussian } from './randomness.ts';

/** White of a volume of bytes. */
const WHITE = 255;

/**
 * The same volumes with Gaussian noise on every pixel, rounded and kept within 0…255: how much a choice of frames
 * depends on what nobody sees.
 * @param deviation of the range of the pixels
 * @returns null for volumes that were measured before they were resampled: their frames are not there any more
 */
export function addNoise(volumes: LabelledVolumes, deviation: number, seed: number): LabelledVolumes | null {
  if (volumes.features !== undefined) return null;
  const random = seededRandom(seed);
  const voxels = volumes.voxels.map((value) => {
    const noisy = Math.round(value + WHITE * deviation * gaussian(random));
    return Math.max(0, Math.min(WHITE, noisy));
  });
  return { ...volumes, voxels };
}
