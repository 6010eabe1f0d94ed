import type { RunMetrics } from '../ml/training/runMetrics.ts';
import { measureShortcuts } from '../ml/training/measureShortcuts.ts';
import type { Installation } from './installation.ts';
import { readLabelledData } from './labelledData.ts';
import { programCommit } from './programCommit.ts';

/** Only the features of whole frames are read: the size of the frames that a classifier would see does not matter. */
const SIZE = 8;

/** How far a list of studies can be told apart without looking at what its images show. @throws KeysliceError */
export async function shortcutRun(
  installation: Pick<Installation, 'root' | 'kernel'>,
  list: string,
): Promise<RunMetrics> {
  const data = await readLabelledData(installation, {
    data: list,
    dataDir: undefined,
    size: SIZE,
    frames: null,
    classes: null,
    signal: new AbortController().signal,
    onStudy: () => undefined,
    onNote: () => undefined,
  });
  return measureShortcuts(data, await programCommit(installation));
}
