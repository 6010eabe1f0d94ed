import type { DataSetEditor } from './dataSetEditor.ts';
import { CODES, codeItem } from './codes.ts';
import { decimalString } from './decimalString.ts';
import type { Derivation, SourceReference } from './derivation.ts';
import { dicomDateTime, dicomTimestamp } from './dicomTime.ts';
import { elementValue } from './element.ts';
import type { NewElement } from './encodeElement.ts';
import { derivationText, reducedDescription } from './reducedText.ts';
import { TAG } from './tags.ts';

/** Statements about the source that do not hold for a part of it, or for a changed object (PS3.4 Y.3.3, PS3.3 C.7.6.16.1). */
const NOT_KEPT = [
  TAG.numberOfTemporalPositions,
  TAG.sopInstanceUidOfConcatenationSource,
  TAG.imagesInAcquisition,
  TAG.numberOfSeriesRelatedInstances,
  TAG.concatenationUid,
  TAG.inConcatenationNumber,
  TAG.inConcatenationTotalNumber,
  TAG.concatenationFrameOffsetNumber,
  TAG.iconImageSequence,
  TAG.macParametersSequence,
  TAG.digitalSignaturesSequence,
  TAG.dataSetTrailingPadding,
];
const MAX_SERIES_NUMBER = 2 ** 31 - 1;

/**
 * Makes a data set that of a derived image in a new series: identity, references, provenance (PS3.3 C.7.6.1,
 * C.12.1, C.12.4). Instance Number stays that of the source, so the gaps show.
 */
export function deriveAttributes(
  dataSet: DataSetEditor,
  derivation: Derivation,
  source: SourceReference,
): void {
  dropStaleElements(dataSet);
  setIdentity(dataSet, derivation, source);
  setImageType(dataSet);
  setSliceGeometry(dataSet, derivation);
  setProvenance(dataSet, derivation, source);
}

function dropStaleElements(dataSet: DataSetEditor): void {
  dataSet.remove(...NOT_KEPT);
  // Group lengths are retired, and would be wrong (PS3.5 section 7.2).
  dataSet.remove(...dataSet.tags.filter((tag) => (tag & 0xffff) === 0));
}

function setIdentity(dataSet: DataSetEditor, derivation: Derivation, source: SourceReference): void {
  const { date, time } = dicomDateTime(derivation.now, dataSet.text(TAG.timezoneOffsetFromUtc));
  dataSet.set({ tag: TAG.instanceCreationDate, vr: 'DA', text: date });
  dataSet.set({ tag: TAG.instanceCreationTime, vr: 'TM', text: time });
  dataSet.set({
    tag: TAG.sopInstanceUid,
    vr: 'UI',
    text: derivation.uids.replacement(source.sopInstanceUid),
  });
  dataSet.set({ tag: TAG.seriesInstanceUid, vr: 'UI', text: derivation.seriesUid });
  dataSet.set({ tag: TAG.seriesNumber, vr: 'IS', text: seriesNumber(dataSet.text(TAG.seriesNumber)) });
  const studyUid = dataSet.text(TAG.studyInstanceUid);
  if (derivation.newStudy) {
    const text = derivation.uids.replacement(studyUid ?? '');
    dataSet.set({ tag: TAG.studyInstanceUid, vr: 'UI', text });
  }
  const raw = reducedDescription(
    rawValue(dataSet, TAG.seriesDescription),
    dataSet.text(TAG.specificCharacterSet) ?? '',
    derivation.kept,
    derivation.total,
  );
  dataSet.set({ tag: TAG.seriesDescription, vr: 'LO', raw });
}

/** A hundred times the source's number and one: sorted behind the source, rarely taken. */
function seriesNumber(source: string | null): string {
  const number = Number(source ?? 0) * 100 + 1;
  return String(Number.isSafeInteger(number) && Math.abs(number) <= MAX_SERIES_NUMBER ? number : 1);
}

/** Value 1 says that the object was derived; where there was no Image Type, value 2 is not known to be PRIMARY. */
function setImageType(dataSet: DataSetEditor): void {
  const [, second = 'SECONDARY', ...rest] = dataSet.texts(TAG.imageType);
  dataSet.set({ tag: TAG.imageType, vr: 'CS', text: ['DERIVED', second, ...rest].join('\\') });
}

function setSliceGeometry(dataSet: DataSetEditor, derivation: Derivation): void {
  setSpacingBetweenSlices(dataSet, derivation.sliceSpacing);
  if (dataSet.element(TAG.numberOfSlices) !== null) {
    dataSet.set({ tag: TAG.numberOfSlices, vr: 'US', numbers: [derivation.slices] });
  }
  if (dataSet.element(TAG.numberOfTimeSlices) !== null) {
    dataSet.set({ tag: TAG.numberOfTimeSlices, vr: 'US', numbers: [derivation.phases] });
  }
}

/** Corrects Spacing Between Slices where there is one; an uneven selection has no single value. */
export function setSpacingBetweenSlices(dataSet: DataSetEditor, spacing: number | null): void {
  if (dataSet.element(TAG.spacingBetweenSlices) === null) return;
  if (spacing === null) dataSet.remove(TAG.spacingBetweenSlices);
  else dataSet.set({ tag: TAG.spacingBetweenSlices, vr: 'DS', text: decimalString(spacing) });
}

function setProvenance(dataSet: DataSetEditor, derivation: Derivation, source: SourceReference): void {
  const raw = derivationText(derivationSentence(derivation), rawValue(dataSet, TAG.derivationDescription));
  dataSet.set({ tag: TAG.derivationDescription, vr: 'ST', raw });
  if (derivation.imageDerivation !== null) {
    const items = [codeItem(derivation.imageDerivation)];
    dataSet.set({ tag: TAG.derivationCodeSequence, vr: 'SQ', items });
  }
  dataSet.set({ tag: TAG.sourceImageSequence, vr: 'SQ', items: [sourceImageItem(source)] });
  dataSet.appendItem(TAG.contributingEquipmentSequence, equipmentItem(derivation, source.frames !== null));
}

function derivationSentence({ kept, total, algorithm, frameList }: Derivation): string {
  return `${kept} of ${total} frames selected by ${algorithm}; source frames: ${frameList}`;
}

/** PS3.3 table 10-3 with the macro's purpose; frames are numbered from 1. */
export function sourceImageItem(source: SourceReference): readonly NewElement[] {
  return [
    { tag: TAG.referencedSopClassUid, vr: 'UI', text: source.sopClassUid },
    { tag: TAG.referencedSopInstanceUid, vr: 'UI', text: source.sopInstanceUid },
    ...(source.frames === null
      ? []
      : [{ tag: TAG.referencedFrameNumber, vr: 'IS' as const, text: source.frames.join('\\') }]),
    { tag: TAG.spatialLocationsPreserved, vr: 'CS', text: 'YES' },
    { tag: TAG.purposeOfReferenceCodeSequence, vr: 'SQ', items: [codeItem(CODES.sourceForProcessing)] },
  ];
}

function equipmentItem({ producer, now }: Derivation, multiFrame: boolean): readonly NewElement[] {
  const purpose = multiFrame ? CODES.frameExtractingEquipment : CODES.modifyingEquipment;
  return [
    { tag: TAG.manufacturer, vr: 'LO', text: producer.name },
    { tag: TAG.manufacturerModelName, vr: 'LO', text: producer.name },
    { tag: TAG.softwareVersions, vr: 'LO', text: producer.version },
    { tag: TAG.contributionDateTime, vr: 'DT', text: dicomTimestamp(now) },
    {
      tag: TAG.contributionDescription,
      vr: 'ST',
      text: 'Selection of frames; pixel data copied unchanged. Research use, not for diagnosis.',
    },
    { tag: TAG.purposeOfReferenceCodeSequence, vr: 'SQ', items: [codeItem(purpose)] },
  ];
}

function rawValue(dataSet: DataSetEditor, tag: number): Uint8Array {
  const element = dataSet.element(tag);
  return element === null ? new Uint8Array() : elementValue(element);
}
