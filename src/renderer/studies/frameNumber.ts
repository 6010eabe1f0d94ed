import type { SeriesView } from '../../contract/ipc.ts';

/** Frame over all phases of a frame of one phase: phases follow each other. */
export function frameOverPhases(series: Pick<SeriesView, 'frames'>, phase: number, frame: number): number {
  return phase * series.frames + frame;
}
