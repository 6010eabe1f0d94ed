import { KeysliceError } from '../../contract/errors.ts';
import type { FrameRecord, ModalityTransform, Series, Vec3 } from '../../contract/series.ts';
import { type FrameSelection, sliceGaps } from '../frameSelection.ts';
import type { NiftiAffine } from './affineForms.ts';
import { toRas } from './positionsSidecar.ts';
import { requireSameSlices } from './requireSameSlices.ts';

/** A selection of a DICOM series as one NIfTI volume. */
export interface DicomVolume {
  affine: NiftiAffine;
  /** The slices are equally far apart; otherwise the affine only encloses them. */
  even: boolean;
  transform: Extract<ModalityTransform, { kind: 'linear' }>;
}

/** Slices nearer than this, in mm, lie at the same place. */
const SAME_PLACE_MM = 0.01;

/**
 * Where a selection lies in NIfTI axes, and that it can be one volume at all: grey, one size, one slope, known
 * places in order.
 *
 * @throws KeysliceError FORMAT_NOT_APPLICABLE
 */
export function dicomVolume(series: Series, selection: FrameSelection): DicomVolume {
  requireSameSlices(selection);
  const { frames, slices } = selection;
  const [first] = frames;
  if (first === undefined) throw notApplicable('there are no frames');
  requireUniform(frames, first);
  if (first.modality.kind !== 'linear') throw notApplicable('its values go through a lookup table');
  return {
    affine: affineOf(series, frames.slice(0, slices.length)),
    even: slices.length === 1 || selection.sliceSpacing !== null,
    transform: first.modality,
  };
}

function requireUniform(frames: readonly FrameRecord[], first: FrameRecord): void {
  const same = (of: (frame: FrameRecord) => unknown): boolean =>
    frames.every((frame) => JSON.stringify(of(frame)) === JSON.stringify(of(first)));
  if (first.pixel.samplesPerPixel !== 1 || first.pixel.palette !== null)
    throw notApplicable('it is coloured');
  if (!same(({ pixel }) => [pixel.rows, pixel.columns]))
    throw notApplicable('its frames have different sizes');
  if (!same(({ pixel }) => [pixel.bitsAllocated, pixel.signed, pixel.number])) {
    throw notApplicable('its frames have different number types');
  }
  if (!same(({ modality }) => modality))
    throw notApplicable('the rescale slope or intercept changes between frames');
  if (!same(({ orientation }) => orientation)) throw notApplicable('its frames are turned to each other');
}

function affineOf(series: Series, frames: readonly FrameRecord[]): NiftiAffine {
  const [first] = frames;
  const last = frames[frames.length - 1];
  const spacing = series.pixelSpacing;
  if (!first?.orientation || !first.position || !last?.position || spacing === null) {
    throw notApplicable('it is not known where its frames lie');
  }
  const [rx, ry, rz, cx, cy, cz] = first.orientation;
  const scaled = (vector: Vec3, by: number): Vec3 => toRas([vector[0] * by, vector[1] * by, vector[2] * by]);
  const { position } = first;
  const steps = frames.length - 1;
  const gaps = sliceGaps(frames) ?? [];
  if (gaps.length !== steps || gaps.some((gap) => Math.abs(gap) < SAME_PLACE_MM)) {
    throw notApplicable('several of its frames lie at one place');
  }
  if (new Set(gaps.map(Math.sign)).size > 1) throw notApplicable('its frames do not lie in order');
  const towards: Vec3 =
    steps === 0
      ? [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx]
      : [last.position[0] - position[0], last.position[1] - position[1], last.position[2] - position[2]];
  const thickness = Math.abs(series.geometry.sliceSpacing ?? series.sliceThickness ?? 1);
  return {
    columns: [
      scaled([rx, ry, rz], spacing[1]),
      scaled([cx, cy, cz], spacing[0]),
      scaled(towards, steps === 0 ? thickness : 1 / steps),
    ],
    origin: toRas(position),
  };
}

const notApplicable = (reason: string): KeysliceError =>
  new KeysliceError('FORMAT_NOT_APPLICABLE', { format: 'nifti', reason });
