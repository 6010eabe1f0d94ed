import type { FileHandle } from 'node:fs/promises';
import { readMeta } from '../dicom/dataSet.ts';
import { readFully } from '../scan/byteSource.ts';
import { HEAD_BYTES } from '../scan/openFile.ts';

/** Preamble and prefix (PS3.10 7.1); deflated files have both, since only their meta header says so. */
const META_START = 132;

/** Where the deflated data set of a DICOM file starts (PS3.5 A.5): after the meta elements. */
export async function deflatedOffset(handle: FileHandle): Promise<number> {
  return readMeta(await readFully(handle, 0, HEAD_BYTES), META_START).end;
}
