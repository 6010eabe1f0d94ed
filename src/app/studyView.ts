import { warning } from '../contract/errors.ts';
import type { SeriesView, StudyStart, StudyView } from '../contract/ipc.ts';
import type { FrameRecord, Series, Study } from '../contract/series.ts';
import { ownFormat } from './ownFormat.ts';

/** A sheared or uneven stack drawn as a box would put anatomy in the wrong place. */
const LARGEST_SHEAR_DEGREES = 0.06;
const FEWEST_SLICES = 3;

/** Why axial, sagittal and coronal views cannot be shown rightly; null when they can. */
export function volumeRefusal(series: Series): string | null {
  const first = series.frames[0];
  if (first === undefined || series.framesPerPhase < FEWEST_SLICES)
    return `Three planes need at least ${FEWEST_SLICES} slices.`;
  if (series.geometry.affine === null) return 'Where the slices lie in the patient is not known.';
  if (!isGrey(first)) return 'Colour series are shown as they are, not as a volume.';
  if (series.geometry.shearDegrees > LARGEST_SHEAR_DEGREES)
    return `The stack is sheared by ${series.geometry.shearDegrees.toFixed(1)} degrees; planes through it would be distorted.`;
  if (!series.geometry.evenlySpaced)
    return 'The slices are unevenly spaced; planes through them would be distorted.';
  return null;
}

function isGrey({ pixel }: FrameRecord): boolean {
  return pixel.samplesPerPixel === 1 && pixel.palette === null;
}

/** The decoded size of all frames of one phase, in bytes. */
export function decodedBytes(series: Series): number {
  const first = series.frames[0];
  if (first === undefined) return 0;
  const { rows, columns, bitsAllocated } = first.pixel;
  const perPixel = isGrey(first)
    ? Math.min(8, Math.ceil(bitsAllocated / 8))
    : 3 * Math.ceil(bitsAllocated / 16);
  return series.framesPerPhase * rows * columns * perPixel;
}

const MEGABYTE = 1024 * 1024;

function budgetWarnings(series: Series, budgetBytes: number): SeriesView['warnings'] {
  const needed = decodedBytes(series);
  if (needed <= budgetBytes) return [];
  return [
    warning('MEMORY_BUDGET', {
      needed: Math.ceil(needed / MEGABYTE),
      budget: Math.floor(budgetBytes / MEGABYTE),
    }),
  ];
}

/** What the window knows of a series. */
export function seriesView(series: Series, budgetBytes: number): SeriesView {
  const first = series.frames[0];
  return {
    id: series.id,
    index: series.index,
    format: series.format,
    exportFormat: ownFormat(series),
    kind: series.kind,
    modality: series.modality,
    description: series.description,
    patient: series.patientLabel,
    study: series.studyLabel,
    rows: first?.pixel.rows ?? 0,
    columns: first?.pixel.columns ?? 0,
    color: first !== undefined && !isGrey(first),
    frames: series.framesPerPhase,
    phases: series.phases,
    pixelSpacing: series.pixelSpacing,
    spacingNote: series.spacingNote,
    sliceSpacing: series.geometry.sliceSpacing,
    frameOfReferenceUid: series.frameOfReferenceUid,
    positions: series.frames.map(({ position }) => position),
    orientations: series.frames.map(({ orientation }) => orientation),
    // Scanners may set a window per slice; the first slice is often empty, the middle one is what a volume is opened at.
    windows: series.frames[series.framesPerPhase >> 1]?.windows ?? [],
    unit: first?.modality.unit ?? null,
    suvFactor: series.suvFactor ?? null,
    cine: series.cine,
    frameTimesMs: series.frames.flatMap(({ timeMs }) => (timeMs === null ? [] : [timeMs])),
    sortedBy: series.sortedBy,
    lossy: series.frames.some(({ lossy }) => lossy),
    volumeRefusal: volumeRefusal(series),
    warnings: [...series.warnings, ...budgetWarnings(series, budgetBytes)],
  };
}

/** What the window knows of a study. */
export function studyView(study: Study, budgetBytes: number, start: StudyStart | null = null): StudyView {
  const first = study.series[0];
  return {
    label: first?.patientLabel ?? '',
    detail: first?.studyLabel ?? '',
    path: study.path,
    series: study.series.map((series) => seriesView(series, budgetBytes)),
    failures: study.failures,
    start,
  };
}
