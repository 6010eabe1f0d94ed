import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';
import type { ByteSource } from '../scan/byteSource.ts';

const CHUNK_BYTES = 256 * 1024;
/** What is kept of the first pass: the header of nearly every image. */
const FIRST_KEPT_BYTES = 2 ** 20;
/** DEFLATE cannot expand further (RFC 1951: at most 258 bytes from two bits). */
const MAX_DEFLATE_RATIO = 1032;
const MAX_INFLATED_BYTES = 2 ** 31 - 1;

/**
 * The data set of a deflated file (PS3.5 A.5) as bytes that are read piece by piece. All of it is inflated once to
 * know its length; only its start is kept, so that a small file that expands to gigabytes costs time, not memory.
 * @throws KeysliceError FILE_UNREADABLE, LIMIT_EXCEEDED
 */
export async function inflatedDataSet(file: ByteSource, start: number, maxKept: number): Promise<ByteSource> {
  const limit = Math.min(MAX_INFLATED_BYTES, (file.length - start) * MAX_DEFLATE_RATIO);
  let { kept, length } = await inflate(file, start, FIRST_KEPT_BYTES, limit);
  const total = length;
  return {
    length: total,
    async read(offset, wanted) {
      const end = Math.min(offset + wanted, total);
      if (end > maxKept) throw exceeded('The header of the inflated data set', end, maxKept);
      if (end > kept.length) ({ kept, length } = await inflate(file, start, end, end));
      return kept.subarray(offset, Math.max(offset, end));
    },
  };
}

/** Keeps the first `keep` bytes and counts all, at most `limit`; a pass that needs no more than it keeps ends there. */
async function inflate(
  file: ByteSource,
  start: number,
  keep: number,
  limit: number,
): Promise<{ kept: Uint8Array; length: number }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const count = async (inflated: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of inflated) {
      if (length < keep) chunks.push(chunk.subarray(0, keep - length));
      length += chunk.length;
      if (length >= keep && keep === limit) return;
      if (length > limit) throw exceeded('The inflated data set', `over ${limit}`, limit);
    }
  };
  try {
    await pipeline(stored(file, start), createInflateRaw({ chunkSize: CHUNK_BYTES }), count);
  } catch (thrown) {
    if (thrown instanceof KeysliceError) throw thrown;
    const reason = 'its deflated data set is damaged or incomplete';
    throw new KeysliceError('FILE_UNREADABLE', { reason }, { cause: thrown });
  }
  return { kept: Buffer.concat(chunks), length };
}

async function* stored(file: ByteSource, start: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < file.length; at += CHUNK_BYTES) yield await file.read(at, CHUNK_BYTES);
}

const exceeded = (what: string, actual: number | string, limit: number): KeysliceError =>
  new KeysliceError('LIMIT_EXCEEDED', { what, actual, limit });
