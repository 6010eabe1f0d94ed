import { KeysliceError } from '../../contract/errors.ts';
import { type DataSet, frameCount } from './dataSet.ts';
import type { RunConfig } from './runFolder.ts';

/**
 * DPS has one number per frame, so it learns and is validated on series of one length. Refused before the first epoch,
 * not after it.
 * @throws KeysliceError SAMPLER_NOT_APPLICABLE
 */
export function requireOneLength({ splits }: DataSet, { sampler, frames }: RunConfig): void {
  if (sampler !== 'dps') return;
  for (const split of ['train', 'val'] as const) {
    const volumes = splits[split];
    for (let index = 0; index < volumes.count; index++) {
      const own = frameCount(volumes, index);
      if (own === frames) continue;
      const reason = `it keeps the same of ${frames} frames of every series, and one of the split ${split} has ${own}`;
      throw new KeysliceError('SAMPLER_NOT_APPLICABLE', { sampler, reason });
    }
  }
}
