import { failure, KeysliceError, toKeysliceError, type Failure } from '../contract/errors.ts';
import type { Series, Study } from '../contract/series.ts';
import { readStudy, type ReadStudyOptions } from '../imaging/readStudy.ts';

export type OpenOptions = ReadStudyOptions;

/** Reads the headers under a path. @throws PATH_NOT_FOUND, NO_IMAGES, or the code of a single file. */
export function openStudy(path: string, options: OpenOptions = {}): Promise<Study> {
  return readStudy(path, options);
}

/** Several paths as one study, in the order they were chosen; files that cannot be read do not stop the others. */
export async function openPaths(paths: readonly string[], options: OpenOptions): Promise<Study> {
  const [only, ...more] = paths;
  if (only === undefined) throw new KeysliceError('NO_IMAGES');
  if (more.length === 0) return openStudy(only, options);
  const studies: Study[] = [];
  const failures: Failure[] = [];
  for (const path of paths) {
    try {
      studies.push(await openStudy(path, options));
    } catch (thrown) {
      const error = toKeysliceError(thrown, path);
      if (error.code === 'CANCELLED' || error.code === 'INTERNAL') throw error;
      failures.push(failure(path, error));
    }
  }
  const series = studies.flatMap((study) => study.series).map((one, index): Series => ({ ...one, index }));
  if (series.length === 0) throw new KeysliceError('NO_IMAGES', {}, { path: only });
  return { path: only, series, failures: [...studies.flatMap((study) => study.failures), ...failures] };
}
