import type { FileHandle } from 'node:fs/promises';
import { KeysliceError } from '../../contract/errors.ts';

/** Bytes that are read piece by piece: a file, or an inflated data set in memory. */
export interface ByteSource {
  readonly length: number;
  /** At most `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    length: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}

/** An open file of known size. The head is kept, because every reader starts there. */
export function fileSource(handle: FileHandle, size: number, head: Uint8Array): ByteSource {
  return {
    length: size,
    async read(offset, length) {
      const end = Math.min(offset + length, size);
      if (end <= head.length) return head.subarray(offset, end);
      return readFully(handle, offset, Math.max(0, end - offset));
    },
  };
}

/** What is read at once where a file is read from one end to the other. */
export const CHUNK_BYTES = 256 * 1024;

/** A range piece by piece. @throws KeysliceError FILE_TRUNCATED when it goes on behind the end */
export async function* chunksOf(
  source: ByteSource,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  for (let done = 0; done < length;) {
    const chunk = await source.read(start + done, Math.min(CHUNK_BYTES, length - done));
    if (chunk.length === 0) throw new KeysliceError('FILE_TRUNCATED', { expected: length, actual: done });
    yield chunk;
    done += chunk.length;
  }
}

export async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
