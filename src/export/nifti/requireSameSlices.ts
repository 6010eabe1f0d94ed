import { KeysliceError } from '../../contract/errors.ts';
import type { FrameSelection } from '../frameSelection.ts';

/** A volume per phase needs the same slices in each. @throws KeysliceError FORMAT_NOT_APPLICABLE */
export function requireSameSlices({ frames, slices, phases }: FrameSelection): void {
  if (frames.length === slices.length * phases.length) return;
  const reason = 'different slices were kept in different phases';
  throw new KeysliceError('FORMAT_NOT_APPLICABLE', { format: 'nifti', reason });
}
