import { cutFrameVectors } from './cutFrameVectors.ts';
import { cutFunctionalGroups } from './cutFunctionalGroups.ts';
import { cutNuclear } from './cutNuclear.ts';
import { cutOverlays } from './cutOverlays.ts';
import { cutTiming } from './cutTiming.ts';
import type { DataSetEditor } from './dataSetEditor.ts';
import type { Derivation, SourceReference } from './derivation.ts';
import { dicomDateTime } from './dicomTime.ts';
import type { FrameCut } from './frameCut.ts';
import { TAG } from './tags.ts';

/**
 * Cuts the attributes of a multi-frame object to the kept frames (PS3.4 Y.3.3); the pixel data are cut apart.
 *
 * @throws KeysliceError HEADER_INCONSISTENT, LIMIT_EXCEEDED
 */
export function cutMultiFrame(
  dataSet: DataSetEditor,
  cut: FrameCut,
  derivation: Derivation,
  source: SourceReference,
): void {
  dataSet.set({ tag: TAG.numberOfFrames, vr: 'IS', text: String(cut.kept.length) });
  renewContentTime(dataSet, derivation.now);
  cutTiming(dataSet, cut);
  cutFrameVectors(dataSet, cut);
  cutNuclear(dataSet, cut);
  cutOverlays(dataSet, cut);
  cutFunctionalGroups(dataSet, cut, derivation, source);
}

/** The content is new; where Frame Delay counts from the old Content Time, that stays. */
function renewContentTime(dataSet: DataSetEditor, now: Date): void {
  if (dataSet.text(TAG.frameDelay) !== null) return;
  const { date, time } = dicomDateTime(now, dataSet.text(TAG.timezoneOffsetFromUtc));
  if (dataSet.element(TAG.contentDate) !== null) dataSet.set({ tag: TAG.contentDate, vr: 'DA', text: date });
  if (dataSet.element(TAG.contentTime) !== null) dataSet.set({ tag: TAG.contentTime, vr: 'TM', text: time });
}
