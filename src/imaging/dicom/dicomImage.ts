import { KeysliceError, warning, type Warning } from '../../contract/errors.ts';
import type { CineTiming, FrameRecord, PixelFormat, SourceFile } from '../../contract/series.ts';
import type { OpenFile } from '../scan/openFile.ts';
import type { Attributes } from './attributes.ts';
import { readCineTiming } from './cineTiming.ts';
import { readDataSet, type ParsedDataSet } from './dataSet.ts';
import { formatDate } from './dateTime.ts';
import { frameTypeItem, readFrameKeys, type FrameKeys } from './frameKeys.ts';
import { frameSources } from './frameSources.ts';
import { functionalGroups, type FrameGroups } from './functionalGroups.ts';
import { reasonNotAnImage } from './imageKind.ts';
import { readImagePlane } from './imagePlane.ts';
import { readModalityTransform } from './modalityTransform.ts';
import { formatPersonName } from './personName.ts';
import { findPixelElement } from './pixelElement.ts';
import { readPixelFormat } from './pixelFormat.ts';
import { readPixelSpacing, type SpacingWithNote } from './pixelSpacing.ts';
import { readOverlays } from './overlays.ts';
import { readSupplementalPalette } from './supplementalPalette.ts';
import { readPetTags, type PetTags } from './suv.ts';
import { hasNegativeValues, readVoiTables } from './voiTables.ts';
import { readVoiWindows } from './voiWindows.ts';

/** One DICOM file: what its series needs to know, and its frames. */
export interface DicomImage {
  file: SourceFile;
  studyUid: string | null;
  seriesUid: string | null;
  seriesNumber: number | null;
  sopInstanceUid: string | null;
  frameOfReferenceUid: string | null;
  instanceNumber: number | null;
  modality: string;
  description: string;
  patientLabel: string;
  studyLabel: string;
  sliceThickness: number | null;
  /** Timing of a multi-frame image; null for a single frame. */
  cine: CineTiming | null;
  /** Null for what is no PET. */
  pet: PetTags | null;
  frames: DicomFrame[];
  warnings: Warning[];
}

export interface DicomFrame {
  record: FrameRecord;
  keys: FrameKeys;
  spacing: SpacingWithNote;
}

/**
 * Reads the header of a DICOM file; no pixel is read.
 * @throws KeysliceError NOT_AN_IMAGE, FILE_TRUNCATED, FILE_UNREADABLE, HEADER_INCONSISTENT, LIMIT_EXCEEDED,
 * TRANSFER_SYNTAX_UNSUPPORTED
 */
export async function readDicomImage(
  { file, head, source }: OpenFile,
  preamble: boolean,
): Promise<DicomImage> {
  const dataSet = await readDataSet(source, head, preamble);
  const { attributes } = dataSet;
  const reason = reasonNotAnImage(attributes.code('SOPClassUID') ?? dataSet.mediaClassUid);
  if (reason !== null) throw new KeysliceError('NOT_AN_IMAGE', { reason });
  if (dataSet.damage !== null) throw dataSet.damage;
  const warnings: Warning[] = [];
  if (dataSet.misdeclared) {
    const stated = `the data set is not encoded as ${dataSet.syntax.name}; its bytes were followed`;
    warnings.push(warning('HEADER_QUESTIONABLE', { reason: stated }));
  }
  const { frames, cine } = await readFrames(file.path, dataSet, warnings);
  const pet = attributes.code('Modality') === 'PT' ? readPetTags(attributes) : null;
  return { ...labels(attributes), file, cine, pet, frames, warnings };
}

async function readFrames(
  path: string,
  dataSet: ParsedDataSet,
  warnings: Warning[],
): Promise<{ frames: DicomFrame[]; cine: CineTiming | null }> {
  const { attributes } = dataSet;
  const element = await findPixelElement(dataSet);
  if (element === null) throw new KeysliceError('NOT_AN_IMAGE', { reason: 'it has no pixel data' });
  const pixel = readPixelFormat(attributes, element, dataSet.syntax, warnings);
  const count = frameCount(attributes);
  const sources = await frameSources(path, dataSet, element, pixel, count);
  if (sources[0]?.transferSyntax !== dataSet.syntax.uid) {
    const stated = `the pixel data are not compressed, although the transfer syntax is ${dataSet.syntax.name}`;
    warnings.push(warning('HEADER_QUESTIONABLE', { reason: stated }));
  }
  const groups = functionalGroups(attributes);
  const timing = count > 1 ? readCineTiming(attributes, groups, count) : null;
  const lossy = attributes.code('LossyImageCompression') === '01';
  const values = frameValues(attributes, pixel, warnings);
  const overlays = readOverlays(attributes, pixel, warnings);
  const supplemental = readSupplementalPalette(attributes, pixel, warnings);
  const frames = sources.map((source, frame): DicomFrame => {
    const own = groups(frame);
    const drawn = overlays(frame);
    const colors = supplemental(frameTypeItem(own));
    const record = {
      source,
      sopInstanceUid: attributes.code('SOPInstanceUID'),
      ...readImagePlane(attributes, own, frame),
      pixel,
      ...values(own),
      timeMs: timing?.timesMs?.[frame] ?? null,
      lossy,
      ...(drawn.length === 0 ? {} : { overlays: drawn }),
      ...(colors === undefined ? {} : { supplemental: colors }),
    };
    return { record, keys: readFrameKeys(attributes, own), spacing: readPixelSpacing(attributes, own) };
  });
  return { frames, cine: timing?.cine ?? null };
}

function frameCount(attributes: Attributes): number {
  if (attributes.raw('NumberOfFrames').length === 0) return 1;
  const count = attributes.number('NumberOfFrames');
  if (count === null || !Number.isInteger(count) || count < 1) {
    throw new KeysliceError('HEADER_INCONSISTENT', {
      reason: `Number of Frames is ${attributes.code('NumberOfFrames') ?? 'empty'}`,
    });
  }
  return count;
}

type FrameValues = Pick<FrameRecord, 'modality' | 'windows'>;

/** Read once per item: the frames that share one share its tables too. */
function frameValues(
  attributes: Attributes,
  pixel: PixelFormat,
  warnings: Warning[],
): (groups: FrameGroups) => FrameValues {
  const modality = once((item) => readModalityTransform(attributes, item, pixel.signed, warnings));
  const windows = once((item) => readVoiWindows(item));
  const tables = {
    signed: once((item) => readVoiTables(item, true, warnings)),
    unsigned: once((item) => readVoiTables(item, false, warnings)),
  };
  return (groups) => {
    const transform = modality(groups.macro('PixelValueTransformationSequence') ?? attributes);
    const item = groups.macro('FrameVOILUTSequence') ?? attributes;
    const luts = tables[hasNegativeValues(transform, pixel) ? 'signed' : 'unsigned'](item);
    return { modality: transform, windows: luts.length === 0 ? windows(item) : [...windows(item), ...luts] };
  };
}

function once<T>(read: (item: Attributes) => T): (item: Attributes) => T {
  const known = new Map<Attributes, T>();
  return (item) => {
    const value = known.get(item) ?? read(item);
    known.set(item, value);
    return value;
  };
}

type Labels = Omit<DicomImage, 'file' | 'cine' | 'pet' | 'frames' | 'warnings'>;

function labels(attributes: Attributes): Labels {
  return {
    studyUid: attributes.code('StudyInstanceUID'),
    seriesUid: attributes.code('SeriesInstanceUID'),
    seriesNumber: attributes.number('SeriesNumber'),
    sopInstanceUid: attributes.code('SOPInstanceUID'),
    frameOfReferenceUid: attributes.code('FrameOfReferenceUID'),
    instanceNumber: attributes.number('InstanceNumber'),
    modality: attributes.code('Modality') ?? 'OT',
    description: attributes.text('SeriesDescription'),
    patientLabel: joined(formatPersonName(attributes.text('PatientName')), attributes.text('PatientID')),
    studyLabel: joined(attributes.text('StudyDescription'), formatDate(attributes.code('StudyDate'))),
    sliceThickness: thickness(attributes),
  };
}

function thickness(attributes: Attributes): number | null {
  const measures = functionalGroups(attributes)(0).macro('PixelMeasuresSequence');
  return measures?.number('SliceThickness') ?? attributes.number('SliceThickness');
}

/** Pseudonymised studies often carry one text as name and identifier: it is shown once. */
const joined = (...parts: readonly string[]): string =>
  [...new Set(parts)].filter((part) => part !== '').join(' · ');
