import { KeysliceError, warning, type Warning } from '../../contract/errors.ts';
import type { CineTiming, FrameRecord, FrameSource, PixelFormat, SourceFile } from '../../contract/series.ts';
import { shownPath } from '../../contract/shownPath.ts';
import type { OpenFile } from '../scan/openFile.ts';
import { turn } from '../scan/turns.ts';
import { unpackedFormat, unpackedSources, type VideoUnpacker } from '../video/unpackVideo.ts';
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
import { findPixelElement, type PixelElement } from './pixelElement.ts';
import { readPixelFormat } from './pixelFormat.ts';
import { readPixelSpacing, type SpacingWithNote } from './pixelSpacing.ts';
import { readOverlays } from './overlays.ts';
import { readSupplementalPalette } from './supplementalPalette.ts';
import { readPetTags, type PetTags } from './suv.ts';
import { videoStream } from './transferSyntaxes.ts';
import { unpackVideoFrames } from './videoFrames.ts';
import { hasNegativeValues, readVoiTables } from './voiTables.ts';
import { readVoiWindows } from './voiWindows.ts';

/** One DICOM file: what its series needs to know, and its frames. */
export interface DicomImage {
  file: SourceFile;
  /** Its video stream, unpacked; null for every other image. */
  video: { file: SourceFile; transferSyntax: string } | null;
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
 * Reads the header of a DICOM file; no pixel is read, but a video stream is unpacked.
 * @throws KeysliceError NOT_AN_IMAGE, FILE_TRUNCATED, FILE_UNREADABLE, HEADER_INCONSISTENT, LIMIT_EXCEEDED,
 * TRANSFER_SYNTAX_UNSUPPORTED
 */
export async function readDicomImage(
  { file, head, source }: OpenFile,
  preamble: boolean,
  videos: VideoUnpacker,
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
  const read = await readFrames(file, dataSet, videos, warnings);
  const pet = attributes.code('Modality') === 'PT' ? readPetTags(attributes) : null;
  return { ...labels(attributes), file, pet, ...read, warnings };
}

async function readFrames(
  file: SourceFile,
  dataSet: ParsedDataSet,
  videos: VideoUnpacker,
  warnings: Warning[],
): Promise<Pick<DicomImage, 'frames' | 'cine' | 'video'>> {
  const { attributes } = dataSet;
  const element = await findPixelElement(dataSet);
  if (element === null) throw new KeysliceError('NOT_AN_IMAGE', { reason: 'it has no pixel data' });
  const stored = await storedFrames(file, dataSet, element, videos, warnings);
  const { sources, pixel } = stored;
  const count = sources.length;
  const groups = functionalGroups(attributes);
  const lossy = attributes.code('LossyImageCompression') === '01' || stored.video !== null;
  const found: Warning[] = [];
  const values = frameValues(attributes, pixel, found);
  const overlays = readOverlays(attributes, pixel, found);
  const supplemental = readSupplementalPalette(attributes, pixel, found);
  const frames: DicomFrame[] = [];
  for (const [frame, source] of sources.entries()) {
    await turn();
    const own = groups(frame);
    const drawn = overlays(frame);
    const colors = supplemental(frameTypeItem(own));
    const record = {
      source,
      sopInstanceUid: attributes.code('SOPInstanceUID'),
      ...readImagePlane(attributes, own, frame),
      pixel,
      ...values(own),
      timeMs: null,
      lossy,
      ...(drawn.length === 0 ? {} : { overlays: drawn }),
      ...(colors === undefined ? {} : { supplemental: colors }),
    };
    frames.push({
      record,
      keys: readFrameKeys(attributes, own),
      spacing: readPixelSpacing(attributes, own),
    });
  }
  addNew(warnings, found);
  const { video } = stored;
  if (count === 1) return { frames, cine: null, video };
  const timing = readCineTiming(attributes, groups, count);
  const { cine } = timing;
  const timesMs = timing.timesMs ?? stored.timesMs;
  if (timesMs === null) return { frames, cine, video };
  const timed = frames.map(({ record, ...rest }, frame): DicomFrame => {
    return { ...rest, record: { ...record, timeMs: timesMs[frame] ?? null } };
  });
  return { frames: timed, cine, video };
}

/** What is wrong with every frame is said once. */
function addNew(warnings: Warning[], found: readonly Warning[]): void {
  for (const one of found) {
    if (!warnings.some(({ message }) => message === one.message)) warnings.push(one);
  }
}

interface StoredFrames extends Pick<DicomImage, 'video'> {
  sources: FrameSource[];
  pixel: PixelFormat;
  /** The stream's own clock, for a header that names no times. */
  timesMs: readonly number[] | null;
}

async function storedFrames(
  file: SourceFile,
  dataSet: ParsedDataSet,
  element: PixelElement,
  videos: VideoUnpacker,
  warnings: Warning[],
): Promise<StoredFrames> {
  const { attributes, syntax } = dataSet;
  const bare = videoStream(syntax.uid);
  if (bare !== null) {
    const unpacked = await unpackVideoFrames(dataSet, element, bare, videos, warnings);
    const timesMs = unpacked.frames > 1 ? unpacked.timesMs : null;
    const video = { file: { ...unpacked.file, shownPath: shownPath(file) }, transferSyntax: syntax.uid };
    return { sources: unpackedSources(unpacked), pixel: unpackedFormat(unpacked), timesMs, video };
  }
  const pixel = readPixelFormat(attributes, element, syntax, warnings);
  const sources = await frameSources(file.path, dataSet, element, pixel, frameCount(attributes));
  if (sources[0]?.transferSyntax !== syntax.uid) {
    const stated = `the pixel data are not compressed, although the transfer syntax is ${syntax.name}`;
    warnings.push(warning('HEADER_QUESTIONABLE', { reason: stated }));
  }
  return { sources, pixel, timesMs: null, video: null };
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

type Labels = Omit<DicomImage, 'file' | 'video' | 'cine' | 'pet' | 'frames' | 'warnings'>;

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
