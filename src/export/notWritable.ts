import { KeysliceError } from '../contract/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'it lies on a read-only drive',
  ENOSPC: 'the drive is full',
  EDQUOT: 'the quota of the drive is used up',
  ENOTDIR: 'it is not a folder',
  ENAMETOOLONG: 'its name is too long',
  EIO: 'the drive reported an error',
  EBUSY: 'it is in use by another program',
  EXDEV: 'it lies across two drives',
};

/** A failure of the file system at the target as a coded error; coded errors and faults of ours pass through. */
export function notWritable(path: string, cause: unknown): unknown {
  if (cause instanceof KeysliceError || !(cause instanceof Error) || !('code' in cause)) return cause;
  const reason = REASONS[String(cause.code)] ?? cause.message;
  return new KeysliceError('TARGET_NOT_WRITABLE', { reason }, { path, cause });
}
