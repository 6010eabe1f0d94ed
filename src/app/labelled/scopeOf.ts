import type { FolderFacts } from '../../ml/training/dataSet.ts';
import type { MeasuredStudy } from './readLabelledStudy.ts';

/** Where a package that was trained on these studies may be used: on what looks like them from outside. */
export function scopeOf(studies: readonly MeasuredStudy[]): FolderFacts['scope'] {
  const frames = studies.map(({ features }) => features.frames.length);
  const kinds = (['volume', 'cine', 'images'] as const).filter((kind) =>
    studies.some(({ series }) => series.kind === kind),
  );
  const dicom = studies.filter(({ series }) => series.format === 'dicom');
  const modalities = [...new Set(dicom.map(({ series }) => series.modality))].toSorted();
  const [least, most] = [Math.min(...frames), Math.max(...frames)];
  return {
    modalities,
    kinds,
    pixels: { kind: 'grey', values: null },
    framesMin: least,
    framesMax: most,
    rows: null,
    columns: null,
    extentMm: null,
    spacingMm: null,
    note: `Series like those it was trained on: ${least} to ${most} frames, ${[...modalities, ...kinds].join(', ')}.`,
  };
}
