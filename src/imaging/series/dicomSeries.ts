import { warning, type Warning } from '../../contract/errors.ts';
import type { CineTiming, FrameRecord, Geometry, Series } from '../../contract/series.ts';
import type { DicomImage } from '../dicom/dicomImage.ts';
import { suvFactor } from '../dicom/suv.ts';
import { checkGeometry, NO_GEOMETRY, type Plane } from './geometry.ts';
import type { FrameGroup } from './groupFrames.ts';
import { sortStack } from './phases.ts';
import { shareEqual } from './shareEqual.ts';
import { slotsOf, type Slot } from './slots.ts';
import { compareInstances, type StackFrame } from './stackFrame.ts';

/** A series before it knows its place among the others. */
export type UnnumberedSeries = Omit<Series, 'id' | 'index'>;

interface Arranged {
  kind: Series['kind'];
  frames: readonly StackFrame[];
  phases: number;
  sortedBy: string;
  geometry: Geometry;
  cine: CineTiming | null;
  warnings: Warning[];
}

/** Modalities whose multi-frame images are loops even when no time is written. */
const LOOPING = ['US', 'IVUS', 'XA', 'RF', 'ES', 'XC', 'GM', 'OPT'];
/** Modalities whose frames should say where they lie. */
const PLACED = ['CT', 'MR', 'PT'];

/** Sorts the frames of a group and describes them as a series. */
export function dicomSeries(
  { kind, frames }: FrameGroup,
  image: DicomImage,
  label: string,
): UnnumberedSeries {
  const arranged = kind === 'stack' ? arrangeStack(frames, image) : arrangeUnplaced(kind, frames, image);
  const images = [...new Set(arranged.frames.map((frame) => frame.image))];
  const spacing = arranged.frames[0]?.spacing;
  const uptake = uptakeOf(images);
  const isCine = arranged.kind === 'cine';
  return {
    studyUid: image.studyUid,
    seriesUid: image.seriesUid,
    frameOfReferenceUid: image.frameOfReferenceUid,
    format: 'dicom',
    kind: arranged.kind,
    modality: image.modality,
    description: label === '' ? image.description : `${image.description} (${label})`.trim(),
    patientLabel: image.patientLabel,
    studyLabel: image.studyLabel,
    pixelSpacing: spacing?.spacing ?? null,
    spacingNote: spacing?.note ?? null,
    sliceThickness: image.sliceThickness,
    ...(uptake.factor === null ? {} : { suvFactor: uptake.factor }),
    sortedBy: arranged.sortedBy,
    phases: arranged.phases,
    framesPerPhase: arranged.frames.length / arranged.phases,
    frames: shareEqual(arranged.frames.map(({ record }) => (isCine ? record : timeless(record)))),
    geometry: arranged.geometry,
    cine: arranged.cine,
    transferSyntaxes: [...new Set(arranged.frames.map(syntaxOf))],
    files: images.flatMap(({ file, video }) => (video === null ? [file] : [file, video.file])),
    warnings: distinct([
      ...images.flatMap((source) => source.warnings),
      ...arranged.warnings,
      ...uptake.warnings,
    ]),
  };
}

const timeless = (record: FrameRecord): FrameRecord =>
  record.timeMs === null ? record : { ...record, timeMs: null };

/** The SUV factor of a PET series, or why it has none. */
function uptakeOf(images: readonly DicomImage[]): { factor: number | null; warnings: readonly Warning[] } {
  const tags = images.flatMap(({ pet }) => pet ?? []);
  if (tags.length === 0) return { factor: null, warnings: [] };
  const suv = suvFactor(tags);
  return 'reason' in suv
    ? { factor: null, warnings: [warning('SUV_UNAVAILABLE', { reason: suv.reason })] }
    : suv;
}

const syntaxOf = ({ image, record }: StackFrame): string =>
  image.video?.transferSyntax ?? record.source.transferSyntax;

function arrangeStack(frames: readonly StackFrame[], image: DicomImage): Arranged {
  const slots = slotsOf(frames);
  const { frames: sorted, phases, sortedBy, duplicates } = sortStack(slots);
  const framesPerPhase = sorted.length / phases;
  if (framesPerPhase === 1 && phases > 1) return atOnePlace(sorted, sortedBy);
  const spacing = sorted[0]?.spacing.spacing ?? null;
  const checked = checkGeometry(planesOf(slots), spacing, image.sliceThickness);
  // A frame at a position that is taken is no step along the normal.
  const evenlySpaced = checked.geometry.evenlySpaced && duplicates === 0;
  return {
    kind: framesPerPhase - duplicates > 1 ? 'volume' : 'images',
    frames: sorted,
    phases,
    sortedBy,
    geometry: { ...checked.geometry, evenlySpaced },
    cine: null,
    warnings: [
      ...(duplicates === 0 ? [] : [warning('DUPLICATES', { count: duplicates })]),
      ...checked.warnings,
    ],
  };
}

/** One plane per position, ascending. */
function planesOf(slots: readonly Slot[]): Plane[] {
  return slots.flatMap((slot): Plane[] => {
    const { position, orientation } = slot.frames[0]?.record ?? { position: null, orientation: null };
    return position === null || orientation === null ? [] : [{ position, orientation }];
  });
}

/** Single-frame images of one place at several times are a loop; only trigger times give it a time axis. */
function atOnePlace(frames: readonly StackFrame[], sortedBy: string): Arranged {
  const first = frames[0]?.keys.triggerTime ?? null;
  const timed = frames.map((frame): StackFrame => {
    const { triggerTime } = frame.keys;
    const timeMs = triggerTime === null || first === null ? null : triggerTime - first;
    return { ...frame, record: { ...frame.record, timeMs } };
  });
  const last = timed[timed.length - 1]?.record.timeMs ?? null;
  const frameTimeMs = last === null || last <= 0 ? null : last / (timed.length - 1);
  const displayFps = frameTimeMs === null ? null : 1000 / frameTimeMs;
  const cine: CineTiming = { frameTimeMs, displayFps, playback: 'loop' };
  return { kind: 'cine', frames: timed, phases: 1, sortedBy, geometry: NO_GEOMETRY, cine, warnings: [] };
}

function arrangeUnplaced(
  kind: 'loop' | 'images',
  frames: readonly StackFrame[],
  image: DicomImage,
): Arranged {
  const isLoop = kind === 'loop';
  const timed = frames[0]?.record.timeMs !== null || LOOPING.includes(image.modality);
  const numbered = frames.every((frame) => frame.image.instanceNumber !== null);
  const unplaced = frames.some(({ record }) => record.position === null || record.orientation === null);
  const reason = 'the files give no position or orientation';
  return {
    kind: isLoop && timed ? 'cine' : 'images',
    frames: isLoop ? frames : [...frames].sort(compareInstances),
    phases: 1,
    sortedBy: isLoop ? 'order in the file' : numbered ? 'instance number' : 'file name',
    geometry: NO_GEOMETRY,
    cine: isLoop && timed ? image.cine : null,
    warnings: unplaced && PLACED.includes(image.modality) ? [warning('GEOMETRY_UNKNOWN', { reason })] : [],
  };
}

function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((entry) => [entry.message, entry])).values()];
}
