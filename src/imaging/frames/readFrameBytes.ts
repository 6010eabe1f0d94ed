/** Reads the stored bytes of one frame: every range of it with one open file. */
import type { FileHandle } from 'node:fs/promises';
import { KeysliceError } from '../../contract/errors.ts';
import type { ByteRange, FrameSource, SourceFile } from '../../contract/series.ts';
import { fileSystemError, openRegular, type RegularFile } from '../scan/openFile.ts';

/** Bytes of one frame as stored. */
const MAX_BYTES = 2 ** 31 - 1;

/** The unwrapped file, in memory or in a file of the scratch space, valid up to the end of what was asked for. */
export type UnwrappedBytes = SharedArrayBuffer | { path: string };

export interface FrameLocation {
  source: FrameSource;
  /** The file as it was when it was scanned. */
  file: SourceFile;
  /** Of `gzip` and `deflate` sources (`UnwrappedFiles`), null for plain ones. */
  unwrapped: UnwrappedBytes | null;
}

/**
 * The ranges joined, in a buffer of their own.
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, PATH_NOT_FOUND, SOURCE_CHANGED, LIMIT_EXCEEDED, with the path
 */
export async function readFrameBytes({ source, file, unwrapped }: FrameLocation): Promise<Uint8Array> {
  const { path, ranges } = source;
  const total = ranges.reduce((sum, range) => sum + range.length, 0);
  if (total > MAX_BYTES) {
    const facts = { what: 'The stored size of a frame in bytes', actual: total, limit: MAX_BYTES };
    throw new KeysliceError('LIMIT_EXCEEDED', facts, { path });
  }
  if (unwrapped === null) return await readRanges(file, ranges, total);
  if ('path' in unwrapped) return await readUnwrapped(unwrapped.path, ranges, total);
  checkEnd(ranges, unwrapped.byteLength, path);
  return joined(ranges, total, new Uint8Array(unwrapped));
}

/** Before anything is allocated: a length from a header must not exceed what is there. */
function checkEnd(ranges: readonly ByteRange[], actual: number, path: string): void {
  const expected = Math.max(0, ...ranges.map((range) => range.offset + range.length));
  if (expected > actual) throw new KeysliceError('FILE_TRUNCATED', { expected, actual }, { path });
}

function joined(ranges: readonly ByteRange[], total: number, bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(total);
  let at = 0;
  for (const { offset, length } of ranges) {
    result.set(bytes.subarray(offset, offset + length), at);
    at += length;
  }
  return result;
}

async function readRanges(
  file: SourceFile,
  ranges: readonly ByteRange[],
  total: number,
): Promise<Uint8Array> {
  const { path } = file;
  return await readOpen(path, async ({ handle, size, mtimeMs }) => {
    if (size !== file.bytes || mtimeMs !== file.modifiedMs)
      throw new KeysliceError('SOURCE_CHANGED', {}, { path });
    checkEnd(ranges, size, path);
    return await fill(handle, ranges, total, path);
  });
}

/** A file of our own that may still grow. */
async function readUnwrapped(path: string, ranges: readonly ByteRange[], total: number): Promise<Uint8Array> {
  return await readOpen(path, async ({ handle, size }) => {
    checkEnd(ranges, size, path);
    return await fill(handle, ranges, total, path);
  });
}

async function readOpen(path: string, read: (file: RegularFile) => Promise<Uint8Array>): Promise<Uint8Array> {
  const file = await openRegular(path);
  try {
    return await read(file);
  } catch (thrown) {
    throw fileSystemError(thrown, path);
  } finally {
    await file.handle.close();
  }
}

async function fill(
  handle: FileHandle,
  ranges: readonly ByteRange[],
  total: number,
  path: string,
): Promise<Uint8Array> {
  const result = new Uint8Array(total);
  let at = 0;
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length;) {
      const { bytesRead } = await handle.read(result, at + done, length - done, offset + done);
      if (bytesRead === 0) throw new KeysliceError('SOURCE_CHANGED', {}, { path });
      done += bytesRead;
    }
    at += length;
  }
  return result;
}
