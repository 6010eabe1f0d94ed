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
  const handle = await openForReading(path);
  try {
    return await use(await readHead(handle, path));
  } finally {
    await handle.close();
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (thrown) {
    throw fileSystemError(thrown, path);
  }
}

async function readHead(handle: FileHandle, path: string): Promise<OpenFile> {
  try {
    const { size, mtimeMs } = await handle.stat();
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
  EIO: 'the drive reports an error',
  ELOOP: 'its links lead in a circle',
};

/** The coded error for what the file system said. */
export function fileSystemError(thrown: unknown, path: string): KeysliceError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new KeysliceError('PATH_NOT_FOUND', {}, { path, cause: thrown });
  const reason = REASONS[code] ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new KeysliceError('FILE_UNREADABLE', { reason }, { path, cause: thrown });
}
