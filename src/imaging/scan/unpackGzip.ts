import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { throwIfCancelled } from '../../contract/errors.ts';
import type { ByteSource } from './byteSource.ts';
import type { FoundFile } from './foundFile.ts';
import { gunzipMembers } from './gunzipMembers.ts';
import { inflateError } from './inflateError.ts';
import type { UnpackSpace } from './unpackSpace.ts';

/**
 * Unpacks a gzip file as a whole into a file of its own,
 * which is shown as the one file in it, by its name without `.gz`.
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, LIMIT_EXCEEDED, CANCELLED
 */
export async function unpackGzip(
  packed: Pick<FoundFile, 'shownPath' | 'depth'>,
  source: ByteSource,
  space: UnpackSpace,
  signal: AbortSignal | undefined,
): Promise<FoundFile> {
  const path = join(await space.folder(), 'unpacked');
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      await space.take(chunk.length);
      yield chunk;
    }
  };
  try {
    const written = createWriteStream(path, { flags: 'wx' });
    const options = signal === undefined ? {} : { signal };
    await pipeline(gunzipMembers(source), counted, written, options);
  } catch (thrown) {
    throwIfCancelled(signal);
    throw inflateError(thrown);
  }
  const name = basename(packed.shownPath).replace(/\.gz$/i, '');
  return { path, shownPath: `${packed.shownPath}/${name}`, depth: packed.depth + 1 };
}
