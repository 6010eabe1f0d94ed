import { KeysliceError } from '../../contract/errors.ts';

/** A file that a scan found: on the drive, or unpacked from an archive. */
export interface FoundFile {
  /** Where its bytes are read. */
  path: string;
  /** What people are shown: the same, or its place in the archive. */
  shownPath: string;
  /** Archives that it was unpacked from, one in the other; 0: it lies on the drive. */
  depth: number;
}

/** A file that cannot be shown, by the path that people are shown. */
export interface FailedFile {
  shownPath: string;
  error: KeysliceError;
}

/** What a file holds that is no image itself: an archive, an index of a medium. */
export interface Contents {
  files: FoundFile[];
  failed: FailedFile[];
}

/** A file of the drive as it was found. */
export const onDrive = (path: string): FoundFile => ({ path, shownPath: path, depth: 0 });

/**
 * What was thrown for a file, with the path that people are shown. What no reader foresaw comes from the drive, or is
 * a fault of ours in a file that is not as it should be: to people, the file cannot be read.
 */
export function failedFile(shownPath: string, thrown: unknown): FailedFile {
  const known = thrown instanceof KeysliceError ? thrown : null;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const error = new KeysliceError(known?.code ?? 'FILE_UNREADABLE', known?.facts ?? { reason }, {
    path: shownPath,
    cause: known?.cause ?? thrown,
  });
  return { shownPath, error };
}
