import { type FileHandle, open } from 'node:fs/promises';
import { KeysliceError } from '../contract/errors.ts';

/** Bytes that are read piece by piece, from a file or from memory: all that was asked for, or an error. */
export interface ExactSource {
  readonly size: number;
  /** @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** @throws KeysliceError FILE_UNREADABLE */
export async function openFileSource(path: string): Promise<ExactSource> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const { size } = await handle.stat();
  return {
    size,
    read: (offset, length) => readFully(handle, path, size, offset, length),
    close: () => handle.close(),
  };
}

export function memorySource(bytes: Uint8Array, path: string): ExactSource {
  return {
    size: bytes.length,
    read(offset, length) {
      if (offset + length > bytes.length) throw truncated(path, offset + length, bytes.length);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
    close: () => Promise.resolve(),
  };
}

/** A reading failure as a coded error. */
export function unreadable(path: string, cause: unknown): KeysliceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KeysliceError('FILE_UNREADABLE', { reason }, { path, cause });
}

async function readFully(
  handle: FileHandle,
  path: string,
  size: number,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  // Checked before allocating: the length may come from a lying header.
  if (offset + length > size) throw truncated(path, offset + length, size);
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle
      .read(bytes, done, length - done, offset + done)
      .catch((cause: unknown) => {
        throw unreadable(path, cause);
      });
    if (bytesRead === 0) throw truncated(path, offset + length, offset + done);
    done += bytesRead;
  }
  return bytes;
}

const truncated = (path: string, expected: number, actual: number): KeysliceError =>
  new KeysliceError('FILE_TRUNCATED', { expected, actual }, { path });
