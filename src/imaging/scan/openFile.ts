import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { KeysliceError } from '../../contract/errors.ts';
import type { SourceFile } from '../../contract/series.ts';
import { fileSource, readFully, type ByteSource } from './byteSource.ts';

/** Enough for the header of nearly every single-frame image. */
export const HEAD_BYTES = 64 * 1024;

export interface OpenFile {
  file: SourceFile;
  head: Uint8Array;
  source: ByteSource;
}

/**
 * Opens a file, reads its head, hands both to `use` and closes it whatever happens.
 * @throws KeysliceError PATH_NOT_FOUND, FILE_UNREADABLE, and what `use` throws.
 */
export async function withOpenFile<T>(path: string, use: (opened: OpenFile) => Promise<T>): Promise<T> {
  const regular = await openRegular(path);
  try {
    return await use(await readHead(regular, path));
  } finally {
    await regular.handle.close();
  }
}

/** An open file with what the drive says of it. */
export interface RegularFile {
  handle: FileHandle;
  size: number;
  mtimeMs: number;
}

/** Opening a pipe that nobody writes to would wait for ever. Windows knows neither the pipe nor the flag. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | ('O_NONBLOCK' in constants ? constants.O_NONBLOCK : 0);

/**
 * Opens a regular file; anything else (a pipe, a device) is refused before a byte is read, also when it took the
 * place of a file since the scan. The caller closes the handle.
 * @throws KeysliceError PATH_NOT_FOUND, FILE_UNREADABLE
 */
export async function openRegular(path: string): Promise<RegularFile> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, READ_WITHOUT_WAITING);
    const stats = await handle.stat();
    if (!stats.isFile()) throw notRegular(path);
    return { handle, size: stats.size, mtimeMs: stats.mtimeMs };
  } catch (thrown) {
    await handle?.close();
    throw fileSystemError(thrown, path);
  }
}

/** What is neither a file nor a folder is never read. */
export function notRegular(path: string): KeysliceError {
  return new KeysliceError('FILE_UNREADABLE', { reason: 'it is not a regular file' }, { path });
}

async function readHead({ handle, size, mtimeMs }: RegularFile, path: string): Promise<OpenFile> {
  try {
    const head = await readFully(handle, 0, Math.min(size, HEAD_BYTES));
    return { file: { path, bytes: size, modifiedMs: mtimeMs }, head, source: fileSource(handle, size, head) };
  } catch (thrown) {
    throw fileSystemError(thrown, path);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its path is too long for this system',
  ENOSPC: 'there is no space left on the drive',
  EIO: 'the drive reports an error',
  ELOOP: 'its links lead in a circle',
};

/** The coded error for what the file system said; what has a code already is handed on. */
export function fileSystemError(thrown: unknown, path: string): KeysliceError {
  if (thrown instanceof KeysliceError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new KeysliceError('PATH_NOT_FOUND', {}, { path, cause: thrown });
  const reason = REASONS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new KeysliceError('FILE_UNREADABLE', { reason }, { path, cause: thrown });
}
