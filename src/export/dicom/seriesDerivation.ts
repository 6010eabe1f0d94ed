import type { Series } from '../../contract/series.ts';
import type { ExportRequest } from '../exportRequest.ts';
import type { FrameSelection } from '../frameSelection.ts';
import { type Code, CODES } from './codes.ts';
import type { Derivation } from './derivation.ts';
import { numberRanges } from './reducedText.ts';
import { newUid, UidMap } from './uid.ts';

const IMAGE_DERIVATION: Readonly<Record<Series['kind'], Code | null>> = {
  volume: CODES.slicesExtracted,
  cine: CODES.timesExtracted,
  images: null,
};

/** What the instances of a reduced series have in common, with a new series UID. */
export function seriesDerivation(request: ExportRequest, selection: FrameSelection, now: Date): Derivation {
  const { series, producer, algorithm, studyMode } = request;
  const phased = selection.phases.length > 1;
  const numbers = phased ? selection.numbers : selection.slices;
  return {
    kept: selection.numbers.length,
    total: selection.total,
    frameList: numberRanges(numbers.map((number) => number + 1)),
    algorithm,
    producer,
    now,
    imageDerivation: IMAGE_DERIVATION[series.kind],
    uids: new UidMap(),
    seriesUid: newUid(),
    newStudy: studyMode === 'new',
    sliceSpacing: selection.sliceSpacing,
    slices: selection.slices.length,
    phases: selection.phases.length,
  };
}
