import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';
import type { Series } from '../../contract/series.ts';
import { unreadable } from '../exactSource.ts';
import { NIFTI1_BYTES, NIFTI2_BYTES, NiftiHeader } from './niftiHeader.ts';

/** What stands before the data of a source. */
export interface NiftiPrefix {
  /** Header, extension flag and extensions, a copy. */
  bytes: Uint8Array;
  gzip: boolean;
  /** Header and data are two files. */
  pair: boolean;
}

/** Extensions hold texts, not images. */
const MAX_PREFIX_BYTES = 64 * 2 ** 20;
const EXTENSION_FLAG_BYTES = 4;
const ALIGNMENT = 16;

/**
 * Reads the header and the extensions of a NIfTI series; that of a pair is filled up as for a single file.
 *
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, LIMIT_EXCEEDED, FORMAT_NOT_APPLICABLE
 */
export async function readNiftiPrefix(series: Series): Promise<NiftiPrefix> {
  const dataPath = series.frames[0]?.source.path ?? '';
  const headerPath = series.files.find(({ path }) => /\.hdr(\.gz)?$/i.test(path))?.path ?? dataPath;
  const pair = headerPath !== dataPath;
  const gzip = await isGzip(dataPath);
  const length = pair ? MAX_PREFIX_BYTES : (series.frames[0]?.source.ranges[0]?.offset ?? 0);
  if (length > MAX_PREFIX_BYTES) {
    const facts = { what: 'The length of the NIfTI header', actual: length, limit: MAX_PREFIX_BYTES };
    throw new KeysliceError('LIMIT_EXCEEDED', facts, { path: headerPath });
  }
  const bytes = await readStart(headerPath, length);
  if (!pair && bytes.length < length) {
    throw new KeysliceError(
      'FILE_TRUNCATED',
      { expected: length, actual: bytes.length },
      { path: headerPath },
    );
  }
  return { bytes: pair ? asSingleFile(bytes) : bytes, gzip, pair };
}

/** Header, extension flag, extensions, filled up to a multiple of 16 bytes (nifti1.h, vox_offset). */
function asSingleFile(header: Uint8Array): Uint8Array {
  const own = new NiftiHeader(header).version === 1 ? NIFTI1_BYTES : NIFTI2_BYTES;
  const length = Math.max(header.length, own + EXTENSION_FLAG_BYTES);
  const bytes = new Uint8Array(Math.ceil(length / ALIGNMENT) * ALIGNMENT);
  bytes.set(header);
  return bytes;
}

async function isGzip(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** At most the first `length` bytes, unwrapped. */
async function readStart(path: string, length: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let count = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      chunks.push(chunk);
      count += chunk.length;
      if (count >= length) return;
    }
  };
  try {
    const stored = createReadStream(path);
    if (await isGzip(path)) await pipeline(stored, createGunzip(), collect);
    else await pipeline(stored, collect);
  } catch (cause) {
    if (cause instanceof KeysliceError) throw cause;
    throw unreadable(path, cause);
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, length));
}
