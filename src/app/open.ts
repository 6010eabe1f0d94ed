import type { Study } from '../contract/series.ts';
import { readStudy } from '../imaging/readStudy.ts';

export interface OpenOptions {
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Reads the headers under a path. @throws PATH_NOT_FOUND, NO_IMAGES, or the code of a single file. */
export function openStudy(path: string, options: OpenOptions): Promise<Study> {
  return readStudy(path, options);
}
