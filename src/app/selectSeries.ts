import { KeysliceError } from '../contract/errors.ts';
import type { FrameRecord, Series, Study } from '../contract/series.ts';

/** The series a command works on: by index or UID, otherwise the one with most frames (ties: the first). */
export function selectSeries(study: Study, wanted: string | undefined): Series {
  if (wanted === undefined) {
    const [first, ...rest] = study.series;
    if (first === undefined) throw new KeysliceError('NO_IMAGES', {}, { path: study.path });
    return rest.reduce(
      (best, series) => (series.framesPerPhase > best.framesPerPhase ? series : best),
      first,
    );
  }
  const found = study.series.find(
    (series) => String(series.index) === wanted || series.id === wanted || series.seriesUid === wanted,
  );
  if (found === undefined)
    throw new KeysliceError('SERIES_NOT_FOUND', { series: wanted }, { path: study.path });
  return found;
}

/** Frame numbers of one phase count from 0; this is where the phase starts in `series.frames`. */
export function phaseStart(series: Series, phase: number): number {
  if (!Number.isInteger(phase) || phase < 0 || phase >= series.phases)
    throw new KeysliceError('PHASE_OUT_OF_RANGE', { phase, last: series.phases - 1 });
  return phase * series.framesPerPhase;
}

/** Frame `frame` of phase `phase`. */
export function frameOfPhase(
  series: Series,
  phase: number,
  frame: number,
): { record: FrameRecord; index: number } {
  const index = phaseStart(series, phase) + frame;
  const record = frame >= 0 && frame < series.framesPerPhase ? series.frames[index] : undefined;
  if (record === undefined)
    throw new KeysliceError('FRAME_OUT_OF_RANGE', { frame, last: series.framesPerPhase - 1 });
  return { record, index };
}
