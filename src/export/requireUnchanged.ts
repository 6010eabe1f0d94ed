import { stat } from 'node:fs/promises';
import { KeysliceError } from '../contract/errors.ts';
import type { SourceFile } from '../contract/series.ts';

/** @throws KeysliceError SOURCE_CHANGED when a file is gone or not the one that was scanned */
export async function requireUnchanged(files: readonly SourceFile[]): Promise<void> {
  for (const { path, bytes, modifiedMs } of files) {
    const now = await stat(path).catch((cause: unknown) => {
      throw new KeysliceError('SOURCE_CHANGED', {}, { path, cause });
    });
    if (now.size !== bytes || now.mtimeMs !== modifiedMs)
      throw new KeysliceError('SOURCE_CHANGED', {}, { path });
  }
}
