import { pipeline } from 'node:stream/promises';
import { throwIfCancelled } from '../../contract/errors.ts';
import { memorySource, type ByteSource } from './byteSource.ts';
import { gunzipMembers } from './gunzipMembers.ts';
import { inflateError } from './inflateError.ts';

/** Compressed bytes that are inflated to look at what is inside: about 4 MB at the very most come out. */
const PEEK_BYTES = 4096;

/** The first inflated bytes of a gzip file. @throws KeysliceError FILE_UNREADABLE when it is damaged there */
export async function gunzipHead(head: Uint8Array): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  await gunzipAll(memorySource(head.subarray(0, PEEK_BYTES)), (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks);
}

/**
 * Length of a gzip file when inflated, counted without keeping anything; counting ends above `limit`. A file that
 * ends early gives what could be inflated.
 * @throws KeysliceError FILE_UNREADABLE when the compressed data are damaged, CANCELLED
 */
export async function gunzippedLength(
  source: ByteSource,
  limit: number,
  signal?: AbortSignal,
): Promise<number> {
  let length = 0;
  const stop = new AbortController();
  const signals = signal === undefined ? [stop.signal] : [stop.signal, signal];
  const count = (chunk: Uint8Array): void => {
    length += chunk.length;
    if (length > limit) stop.abort();
  };
  try {
    await gunzipAll(source, count, AbortSignal.any(signals));
  } catch (thrown) {
    throwIfCancelled(signal);
    if (!stop.signal.aborted) throw thrown;
  }
  return length;
}

/** Hands on all that can be inflated. @throws KeysliceError FILE_UNREADABLE when the data are damaged */
async function gunzipAll(
  source: ByteSource,
  onChunk: (chunk: Uint8Array) => void,
  signal?: AbortSignal,
): Promise<void> {
  const each = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) onChunk(chunk);
  };
  try {
    await pipeline(gunzipMembers(source), each, signal === undefined ? {} : { signal });
  } catch (thrown) {
    const error = inflateError(thrown);
    if (error.code !== 'FILE_TRUNCATED') throw error;
  }
}
