import { KeysliceError } from '../../contract/errors.ts';
import type { SourceFile } from '../../contract/series.ts';
import { gunzippedLength } from '../scan/gzip.ts';
import { withOpenFile, type OpenFile } from '../scan/openFile.ts';
import type { NiftiHeader } from './niftiHeader.ts';

/** The file that holds the voxels. */
export interface NiftiData {
  file: SourceFile;
  gzip: boolean;
}

/** Ends of header files and of the data files that belong to them. */
const DATA_ENDINGS: readonly (readonly [header: RegExp, data: readonly string[]])[] = [
  [/\.hdr(\.gz)?$/, ['.img', '.img.gz']],
  [/\.HDR(\.GZ)?$/, ['.IMG', '.IMG.GZ', '.img']],
];
const HEADER_ENDING = /\.hdr(\.gz)?$/i;
const SIZE_FIELD_BYTES = 4;

/**
 * Finds the voxels and checks that there are enough of them.
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, CANCELLED
 */
export async function niftiData(
  opened: OpenFile,
  header: NiftiHeader,
  dataBytes: number,
  signal: AbortSignal | undefined,
): Promise<NiftiData> {
  if (!header.pair) return checked(opened, header.voxOffset + dataBytes, signal);
  const { path, shownPath } = opened.file;
  const needed = header.voxOffset + dataBytes;
  const data = await dataFileOf(path);
  return withOpenFile(data.path, ({ file, ...rest }) => {
    const shown = shownPath === undefined ? {} : { shownPath: shownPath.replace(HEADER_ENDING, data.ending) };
    return checked({ ...rest, file: { ...file, ...shown } }, needed, signal);
  });
}

interface DataFile {
  path: string;
  /** What stands in it for the ending of the header. */
  ending: string;
}

async function dataFileOf(path: string): Promise<DataFile> {
  for (const [ending, candidates] of DATA_ENDINGS) {
    if (!ending.test(path)) continue;
    for (const candidate of candidates) {
      const data = path.replace(ending, candidate);
      if (await isThere(data)) return { path: data, ending: candidate };
    }
  }
  throw new KeysliceError('FILE_UNREADABLE', {
    reason: 'it is the header of a pair, and the .img file is missing',
  });
}

async function isThere(path: string): Promise<boolean> {
  try {
    return await withOpenFile(path, () => Promise.resolve(true));
  } catch (thrown) {
    if (thrown instanceof KeysliceError && thrown.code === 'PATH_NOT_FOUND') return false;
    throw thrown;
  }
}

async function checked(
  opened: OpenFile,
  needed: number,
  signal: AbortSignal | undefined,
): Promise<NiftiData> {
  const { file, head } = opened;
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const actual = gzip ? await inflatedLength(opened, needed, signal) : file.bytes;
  if (actual < needed)
    throw new KeysliceError('FILE_TRUNCATED', { expected: needed, actual }, { path: file.path });
  return { file, gzip };
}

/**
 * The last bytes of a gzip file are its length modulo 2^32 (RFC 1952 2.3.1). Exactly the needed length is taken
 * at its word; anything else (cut off, several members, something behind the voxels) is counted.
 */
async function inflatedLength(
  { file, source }: OpenFile,
  needed: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const tail = await source.read(Math.max(0, file.bytes - SIZE_FIELD_BYTES), SIZE_FIELD_BYTES);
  const stated = tail.length === SIZE_FIELD_BYTES ? Buffer.from(tail).readUInt32LE() : -1;
  return stated === needed % 2 ** 32 ? needed : gunzippedLength(source, needed, signal);
}
