import type { InfoDocument, SeriesDocument, WarningDocument } from '../contract/documents.ts';
import type { Warning } from '../contract/errors.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { Series, Study } from '../contract/series.ts';

/** Warnings as documents print them. */
export function warningDocuments(warnings: readonly Warning[]): WarningDocument[] {
  return warnings.map(({ code, message }) => ({ code, message }));
}

function seriesDocument(series: Series): SeriesDocument {
  const first = series.frames[0];
  const last = series.frames[series.framesPerPhase - 1];
  if (first === undefined || last === undefined)
    throw new KeysliceError('INTERNAL', { reason: 'a series without frames' });
  return {
    index: series.index,
    id: series.id,
    studyUid: series.studyUid,
    format: series.format,
    kind: series.kind,
    modality: series.modality,
    description: series.description,
    frames: series.framesPerPhase,
    phases: series.phases,
    rows: first.pixel.rows,
    columns: first.pixel.columns,
    samplesPerPixel: first.pixel.samplesPerPixel,
    photometric: first.pixel.photometric,
    bitsStored: first.pixel.bitsStored,
    signed: first.pixel.signed,
    transferSyntaxes: series.transferSyntaxes,
    pixelSpacing: series.pixelSpacing,
    sliceSpacing: series.geometry.sliceSpacing,
    orientation: first.orientation,
    positionFirst: first.position,
    positionLast: last.position,
    affine: series.geometry.affine,
    frameTimeMs: series.cine?.frameTimeMs ?? null,
    sortedBy: series.sortedBy,
    warnings: warningDocuments(series.warnings),
  };
}

/** What `keyslice info` prints. */
export function infoDocument(study: Study, version: string): InfoDocument {
  return {
    keyslice: version,
    path: study.path,
    series: study.series.map(seriesDocument),
    failures: study.failures,
  };
}
