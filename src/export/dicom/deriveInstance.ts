import { KeysliceError } from '../../contract/errors.ts';
import type { FrameRecord } from '../../contract/series.ts';
import { cutMultiFrame } from './cutMultiFrame.ts';
import { DataSetEditor } from './dataSetEditor.ts';
import type { Derivation, SourceReference } from './derivation.ts';
import { deriveAttributes } from './deriveAttributes.ts';
import type { Element } from './element.ts';
import { encapsulatedPixelData } from './encapsulatedPixelData.ts';
import { encodeFileMeta } from './encodeFileMeta.ts';
import { nativePixelData } from './nativePixelData.ts';
import type { PixelDataPlan } from './pixelDataPlan.ts';
import type { SourceInstance } from './sourceInstance.ts';
import { TAG } from './tags.ts';
import { wholePixelData } from './wholePixelData.ts';

/** A derived instance, ready to be written. */
export interface DerivedInstance {
  /** Preamble and meta information. */
  meta: Uint8Array;
  /** Everything else in order, pixel data included. */
  dataSet: () => AsyncIterable<Uint8Array>;
}

const OFFSET_TABLES = [
  TAG.extendedOffsetTable,
  TAG.extendedOffsetTableLengths,
  TAG.encapsulatedPixelDataValueTotalLength,
];

/**
 * Makes the derived instance of a source file: whole when it holds one frame, else cut to the kept frames.
 *
 * @param frames kept frames of this file, ascending
 * @throws KeysliceError HEADER_INCONSISTENT, LIMIT_EXCEEDED, FORMAT_NOT_APPLICABLE
 */
export function deriveInstance(
  instance: SourceInstance,
  frames: readonly FrameRecord[],
  derivation: Derivation,
): DerivedInstance {
  const dataSet = new DataSetEditor(instance.elements, instance.encoding);
  const count = frameCount(dataSet);
  const kept = frames.map(({ source }) => source.indexInFile);
  const source: SourceReference = {
    sopClassUid: required(dataSet, TAG.sopClassUid, 'SOP Class UID'),
    sopInstanceUid: required(dataSet, TAG.sopInstanceUid, 'SOP Instance UID'),
    studyUid: dataSet.text(TAG.studyInstanceUid),
    seriesUid: dataSet.text(TAG.seriesInstanceUid),
    frames: count === null ? null : kept.map((index) => index + 1),
  };
  deriveAttributes(dataSet, derivation, source);
  if (count !== null) cutMultiFrame(dataSet, { kept, count }, derivation, source);
  const plan = pixelDataPlan(instance, frames, count);
  if (plan.offsetTables !== null) {
    dataSet.remove(...OFFSET_TABLES);
    for (const table of plan.offsetTables) dataSet.put(table);
  }
  const trailing = new DataSetEditor(instance.trailing, instance.encoding);
  trailing.remove(TAG.digitalSignaturesSequence, TAG.dataSetTrailingPadding);
  return {
    meta: encodeFileMeta(
      source.sopClassUid,
      derivation.uids.replacement(source.sopInstanceUid),
      instance.transferSyntax,
      derivation.producer,
    ),
    dataSet: () => dataSetChunks(dataSet.elements(), plan, trailing.elements()),
  };
}

/** Frames of a multi-frame object; null for single-frame ones, which may say that they have one frame. */
function frameCount(dataSet: DataSetEditor): number | null {
  const count = Number(dataSet.text(TAG.numberOfFrames) ?? 1);
  const multiFrame = count > 1 || dataSet.element(TAG.perFrameFunctionalGroupsSequence) !== null;
  return multiFrame ? count : null;
}

function required(dataSet: DataSetEditor, tag: number, name: string): string {
  const value = dataSet.text(tag);
  if (value === null) throw new KeysliceError('HEADER_INCONSISTENT', { reason: `there is no ${name}` });
  return value;
}

function pixelDataPlan(
  instance: SourceInstance,
  frames: readonly FrameRecord[],
  count: number | null,
): PixelDataPlan {
  if (count === null) return wholePixelData(instance);
  return instance.pixelData.encapsulated
    ? encapsulatedPixelData(instance, frames)
    : nativePixelData(instance, frames);
}

async function* dataSetChunks(
  elements: readonly Element[],
  plan: PixelDataPlan,
  trailing: readonly Element[],
): AsyncGenerator<Uint8Array> {
  yield Buffer.concat(elements.map(({ bytes }) => bytes));
  yield plan.header;
  yield* plan.chunks();
  yield Buffer.concat(trailing.map(({ bytes }) => bytes));
}
