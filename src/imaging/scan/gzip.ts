import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';

/** Compressed bytes that are inflated to look at what is inside: about 4 MB at the very most come out. */
const PEEK_BYTES = 4096;

/** The first inflated bytes of a gzip file. @throws KeysliceError FILE_UNREADABLE when it is damaged there */
export function gunzipHead(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head.subarray(0, PEEK_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (thrown) {
    throw damaged(thrown);
  }
}

/**
 * Length of a gzip file when inflated, counted without keeping anything; counting ends above `limit`. A file that
 * ends early gives what could be inflated.
 * @throws KeysliceError FILE_UNREADABLE when the compressed data are damaged, CANCELLED
 */
export async function gunzippedLength(path: string, limit: number, signal?: AbortSignal): Promise<number> {
  let length = 0;
  const stop = new AbortController();
  const count = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > limit) stop.abort();
    }
  };
  const signals = signal === undefined ? [stop.signal] : [stop.signal, signal];
  try {
    await pipeline(createReadStream(path), createGunzip(), count, { signal: AbortSignal.any(signals) });
  } catch (thrown) {
    if (signal?.aborted === true) throw new KeysliceError('CANCELLED');
    if (!stop.signal.aborted && !endsEarly(thrown)) throw damaged(thrown);
  }
  return length;
}

const endsEarly = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'Z_BUF_ERROR';

function damaged(cause: unknown): KeysliceError {
  return new KeysliceError('FILE_UNREADABLE', { reason: 'its gzip data are damaged' }, { cause });
}
