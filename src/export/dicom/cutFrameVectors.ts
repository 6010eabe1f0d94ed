import type { DataSetEditor } from './dataSetEditor.ts';
import { type FrameCut, renumber } from './frameCut.ts';
import { TAG } from './tags.ts';

/** Text elements with one value per frame: multi-frame secondary capture and angiography (PS3.3 C.8.6.3, C.8.7.5). */
const VECTORS = [
  { tag: TAG.tableVerticalIncrement, vr: 'DS' },
  { tag: TAG.tableLateralIncrement, vr: 'DS' },
  { tag: TAG.tableLongitudinalIncrement, vr: 'DS' },
  { tag: TAG.positionerPrimaryAngleIncrement, vr: 'DS' },
  { tag: TAG.positionerSecondaryAngleIncrement, vr: 'DS' },
  { tag: TAG.pageNumberVector, vr: 'IS' },
  { tag: TAG.frameLabelVector, vr: 'SH' },
  { tag: TAG.framePrimaryAngleVector, vr: 'DS' },
  { tag: TAG.frameSecondaryAngleVector, vr: 'DS' },
  { tag: TAG.sliceLocationVector, vr: 'DS' },
  { tag: TAG.displayWindowLabelVector, vr: 'SH' },
] as const;

/** Statements about ranges of frames, or about the whole loop, that a cut makes wrong. */
const NOT_KEPT = [
  TAG.startTrim,
  TAG.stopTrim,
  TAG.effectiveDuration,
  TAG.acquisitionDuration,
  TAG.frameNumbersOfInterest,
  TAG.frameOfInterestDescription,
  TAG.frameOfInterestType,
  TAG.maskSubtractionSequence,
  TAG.recommendedViewingMode,
];

/** Cuts all vectors that have one value per frame, and corrects or removes what refers to frames by number. */
export function cutFrameVectors(dataSet: DataSetEditor, cut: FrameCut): void {
  for (const { tag, vr } of VECTORS) {
    const values = dataSet.texts(tag);
    if (values.length < 2) continue;
    const kept = cut.kept.flatMap((frame) => values[frame] ?? []);
    if (values.length !== cut.count) dataSet.remove(tag);
    else dataSet.set({ tag, vr, raw: Buffer.from(kept.join('\\'), 'latin1') });
  }
  dataSet.remove(...NOT_KEPT);
  // Times from the start of the loop, which is another one now.
  if (cut.kept[0] !== 0) dataSet.remove(TAG.rWaveTimeVector);
  renumberFrames(dataSet, cut, TAG.representativeFrameNumber);
  renumberFrames(dataSet, cut, TAG.rWavePointer);
}

function renumberFrames(dataSet: DataSetEditor, cut: FrameCut, tag: number): void {
  if (dataSet.element(tag) === null) return;
  const numbers = renumber(cut, dataSet.shorts(tag));
  if (numbers.length === 0) dataSet.remove(tag);
  else dataSet.set({ tag, vr: 'US', numbers });
}
