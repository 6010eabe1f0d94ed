import type { ExportRequest } from '../../../src/export/exportRequest.ts';
import { ownFormat } from '../../../src/app/ownFormat.ts';
import { exportSelection, type ExportResult } from '../../../src/export/exportSelection.ts';
import { readStudy } from '../../../src/imaging/readStudy.ts';
import type { Series } from '../../../src/contract/series.ts';
import { triageOf } from './triageOf.ts';

/** The series with the most frames at a path. */
export async function largestSeries(path: string): Promise<Series> {
  const { series } = await readStudy(path);
  const [largest] = [...series].sort((a, b) => b.frames.length - a.frames.length);
  if (largest === undefined) throw new Error(`no series at ${path}`);
  return largest;
}

/** Exports frames of a series as the application does. */
export function exportOf(
  studyPath: string,
  series: Series,
  frames: readonly number[],
  target: string,
  changes: Partial<ExportRequest> = {},
): Promise<ExportResult> {
  return exportSelection({
    series,
    studyPath,
    frames,
    formats: [ownFormat(series)],
    target,
    overwrite: false,
    triage: triageOf(series, frames),
    review: null,
    studyMode: 'same',
    producer: { name: 'Keyslice', version: '0.1.0' },
    algorithm: 'DAS general 1.0.0',
    ...changes,
  });
}
