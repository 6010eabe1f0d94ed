/** Reads the stored bytes of one frame: every range of it with one open file. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { KeysliceError } from '../../contract/errors.ts';
import type { ByteRange, FrameSource } from '../../contract/series.ts';

/** Bytes of one frame as stored. */
const MAX_BYTES = 2 ** 31 - 1;

/**
 * The ranges joined, in a buffer of their own.
 *
 * @param unwrapped the unwrapped file for `gzip` and `deflate` sources (see `InflatedFile`), null for plain ones
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, LIMIT_EXCEEDED, with the path
 */
export async function readFrameBytes(source: FrameSource, unwrapped: Uint8Array | null): Promise<Uint8Array> {
  const { path, ranges } = source;
  const total = ranges.reduce((sum, range) => sum + range.length, 0);
  if (total > MAX_BYTES) {
    const facts = { what: 'The stored size of a frame in bytes', actual: total, limit: MAX_BYTES };
    throw new KeysliceError('LIMIT_EXCEEDED', facts, { path });
  }
  if (unwrapped !== null) {
    checkEnd(ranges, unwrapped.length, path);
    return joined(ranges, total, unwrapped);
  }
  return await readRanges(path, ranges, total);
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

async function readRanges(path: string, ranges: readonly ByteRange[], total: number): Promise<Uint8Array> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      checkEnd(ranges, size, path);
      return await fill(file, ranges, total, path);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    if (thrown instanceof KeysliceError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new KeysliceError('FILE_UNREADABLE', { reason }, { path, cause: thrown });
  }
}

async function fill(
  file: FileHandle,
  ranges: readonly ByteRange[],
  total: number,
  path: string,
): Promise<Uint8Array> {
  const result = new Uint8Array(total);
  let at = 0;
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length;) {
      const { bytesRead } = await file.read(result, at + done, length - done, offset + done);
      if (bytesRead === 0) {
        throw new KeysliceError(
          'FILE_TRUNCATED',
          { expected: offset + length, actual: offset + done },
          { path },
        );
      }
      done += bytesRead;
    }
    at += length;
  }
  return result;
}
