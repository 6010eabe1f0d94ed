import { basename } from 'node:path';
import type { Warning } from '../../contract/errors.ts';
import type { CineTiming, FrameRecord, VoiWindow } from '../../contract/series.ts';
import { shownPath } from '../../contract/shownPath.ts';
import { gunzipHead } from '../scan/gzip.ts';
import type { OpenFile } from '../scan/openFile.ts';
import type { IdentifiedSeries } from '../series/seriesOf.ts';
import { niftiData, type NiftiData } from './niftiData.ts';
import { niftiGeometry, type NiftiGeometry } from './niftiGeometry.ts';
import { parseNiftiHeader, type NiftiHeader } from './niftiHeader.ts';
import { niftiShape, type NiftiShape } from './niftiShape.ts';

/**
 * Reads the header of a NIfTI file, plain or gzip, single or pair; no voxel is read.
 * @throws KeysliceError NOT_AN_IMAGE, FILE_TRUNCATED, FILE_UNREADABLE, HEADER_INCONSISTENT, LIMIT_EXCEEDED,
 * CANCELLED
 */
export async function readNifti(
  opened: OpenFile,
  gzip: boolean,
  signal?: AbortSignal,
): Promise<IdentifiedSeries> {
  const warnings: Warning[] = [];
  const header = parseNiftiHeader(gzip ? await gunzipHead(opened.head) : opened.head);
  const shape = niftiShape(header, warnings);
  const data = await niftiData(opened, header, shape.dataBytes, signal);
  const placed = niftiGeometry(header, warnings);
  const shown = shownPath(opened.file);
  const isLoop = shape.slices === 1 && shape.volumes > 1;
  const timing = isLoop ? cineTiming(header) : null;
  return {
    id: shown,
    studyUid: null,
    seriesUid: null,
    frameOfReferenceUid: null,
    format: 'nifti',
    kind: isLoop ? 'cine' : shape.slices > 1 ? 'volume' : 'images',
    modality: 'NIFTI',
    description: header.description,
    patientLabel: basename(shown),
    studyLabel: '',
    pixelSpacing: placed.pixelSpacing,
    spacingNote: placed.spacingNote,
    sliceThickness: placed.geometry.sliceSpacing === null ? null : Math.abs(placed.geometry.sliceSpacing),
    sortedBy: 'order in the file',
    phases: isLoop ? 1 : shape.volumes,
    framesPerPhase: isLoop ? shape.volumes : shape.slices,
    frames: frameRecords(header, shape, data, placed, timing?.frameTimeMs ?? null),
    geometry: placed.geometry,
    cine: timing,
    transferSyntaxes: ['nifti'],
    files: data.file.path === opened.file.path ? [opened.file] : [opened.file, data.file],
    warnings,
  };
}

function frameRecords(
  header: NiftiHeader,
  shape: NiftiShape,
  data: NiftiData,
  placed: NiftiGeometry,
  frameTimeMs: number | null,
): FrameRecord[] {
  const shared = {
    sopInstanceUid: null,
    orientation: placed.orientation,
    pixel: shape.pixel,
    modality: scaling(header, shape),
    windows: windows(header),
    lossy: false,
  };
  return Array.from({ length: shape.slices * shape.volumes }, (_, index) => ({
    ...shared,
    source: {
      path: data.file.path,
      encoding: data.gzip ? ('gzip' as const) : ('plain' as const),
      transferSyntax: 'nifti',
      encapsulated: false,
      ranges: [{ offset: header.voxOffset + index * shape.frameBytes, length: shape.frameBytes }],
      bitOffset: 0,
      indexInFile: index,
    },
    position: placed.position(index % shape.slices),
    timeMs: frameTimeMs === null ? null : index * frameTimeMs,
  }));
}

/** scl_slope 0, or anything that is not a number, means no scaling; colours are never scaled (nifti1.h). */
function scaling({ slope, intercept }: NiftiHeader, { pixel }: NiftiShape): FrameRecord['modality'] {
  const scaled = Number.isFinite(slope) && slope !== 0 && pixel.samplesPerPixel === 1;
  return {
    kind: 'linear',
    slope: scaled ? slope : 1,
    intercept: scaled && Number.isFinite(intercept) ? intercept : 0,
    unit: null,
  };
}

/** cal_min and cal_max are the values shown black and white. */
function windows({ calMin, calMax }: NiftiHeader): VoiWindow[] {
  if (!Number.isFinite(calMin) || !Number.isFinite(calMax) || calMax <= calMin) return [];
  return [{ center: (calMin + calMax) / 2, width: calMax - calMin, function: 'LINEAR_EXACT', name: null }];
}

const TEMPORAL_UNITS = 0x38;
const MS_PER_UNIT: Readonly<Record<number, number>> = { 8: 1000, 16: 1, 24: 0.001 };

function cineTiming({ units, pixdims }: NiftiHeader): CineTiming {
  const unit = MS_PER_UNIT[units & TEMPORAL_UNITS];
  const step = pixdims[4] ?? 0;
  const frameTimeMs = unit !== undefined && Number.isFinite(step) && step > 0 ? step * unit : null;
  return { frameTimeMs, displayFps: frameTimeMs === null ? null : 1000 / frameTimeMs, playback: 'loop' };
}
