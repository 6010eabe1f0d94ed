import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';
import type { Series, SourceFile } from '../../contract/series.ts';
import { InflatedFile } from '../../imaging/frames/inflatedFile.ts';
import { openFileSource, unreadable } from '../exactSource.ts';
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
const gunzipAsync = promisify(gunzip);

/**
 * Reads the header and the extensions of a NIfTI series; that of a pair is filled up as for a single file.
 *
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, LIMIT_EXCEEDED, FORMAT_NOT_APPLICABLE
 */
export async function readNiftiPrefix(series: Series): Promise<NiftiPrefix> {
  const source = series.frames[0]?.source;
  const data = series.files.find(({ path }) => path === source?.path);
  if (source === undefined || data === undefined) {
    throw new KeysliceError('INTERNAL', { reason: 'the frames lie in no file of their series' });
  }
  const gzip = source.encoding === 'gzip';
  const headerFile = series.files.find(({ path }) => path !== data.path);
  if (headerFile !== undefined)
    return { bytes: asSingleFile(await readHeaderFile(headerFile)), gzip, pair: true };
  const length = limited(source.ranges[0]?.offset ?? 0, data.path);
  return { bytes: gzip ? await unwrapStart(data, length) : await readStart(data, length), gzip, pair: false };
}

/** Header, extension flag, extensions, filled up to a multiple of 16 bytes (nifti1.h, vox_offset). */
function asSingleFile(header: Uint8Array): Uint8Array {
  const own = new NiftiHeader(header).version === 1 ? NIFTI1_BYTES : NIFTI2_BYTES;
  const length = Math.max(header.length, own + EXTENSION_FLAG_BYTES);
  const bytes = new Uint8Array(Math.ceil(length / ALIGNMENT) * ALIGNMENT);
  bytes.set(header);
  return bytes;
}

/** All of a `.hdr` file, unwrapped. */
async function readHeaderFile(file: SourceFile): Promise<Uint8Array> {
  const bytes = await readStart(file, limited(file.bytes, file.path));
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await gunzipAsync(bytes, { maxOutputLength: MAX_PREFIX_BYTES });
  } catch (cause) {
    throw unreadable(file.path, cause);
  }
}

async function readStart({ path }: SourceFile, length: number): Promise<Uint8Array> {
  const file = await openFileSource(path);
  try {
    return await file.read(0, length);
  } finally {
    await file.close();
  }
}

async function unwrapStart(file: SourceFile, length: number): Promise<Uint8Array> {
  const inflated = new InflatedFile(file, 'gzip', length);
  try {
    await inflated.ready(length);
    return new Uint8Array(inflated.bytes).slice();
  } finally {
    inflated.close();
  }
}

function limited(length: number, path: string): number {
  if (length <= MAX_PREFIX_BYTES) return length;
  const facts = { what: 'The length of the NIfTI header', actual: length, limit: MAX_PREFIX_BYTES };
  throw new KeysliceError('LIMIT_EXCEEDED', facts, { path });
}
