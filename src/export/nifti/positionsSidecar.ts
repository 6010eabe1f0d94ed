import type { FrameRecord, Vec3 } from '../../contract/series.ts';

/** What a NIfTI file of unevenly spaced slices cannot say; lies beside it as JSON. */
export interface PositionsSidecar {
  keyslice: string;
  use: 'research use, not for diagnosis';
  note: string;
  /** Zero-based numbers of the kept slices in the source. */
  sourceSlices: readonly number[];
  /** Centre of the first voxel of each slice, mm, NIfTI axes (+x right, +y anterior, +z superior). */
  positions: readonly (Vec3 | null)[];
  /** The description that the header's own one replaced; null where there was none. */
  sourceDescription: string | null;
}

/** @param frames one per kept slice */
export function positionsSidecar(
  version: string,
  sourceSlices: readonly number[],
  frames: readonly FrameRecord[],
  sourceDescription: string,
): PositionsSidecar {
  return {
    keyslice: version,
    use: 'research use, not for diagnosis',
    note: 'The slices are unevenly spaced. The affine of the NIfTI file only encloses them; the true positions are here.',
    sourceSlices,
    positions: frames.map(({ position }) => (position === null ? null : toRas(position))),
    sourceDescription: sourceDescription === '' ? null : sourceDescription,
  };
}

/** DICOM axes point left and posterior, NIfTI axes right and anterior. */
export const toRas = ([x, y, z]: Vec3): Vec3 => [-x, -y, z];
