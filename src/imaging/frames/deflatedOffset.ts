import type { FileHandle } from 'node:fs/promises';
import { KeysliceError } from '../../contract/errors.ts';

/** Preamble, prefix, and the element (0002,0000) up to its value (PS3.10 7.1). */
const GROUP_LENGTH_AT = 140;
const META_START = 144;
const MAX_META_BYTES = 2 ** 20;

/**
 * Where the deflated data set of a DICOM file starts (PS3.5 A.5): after the meta header, whose first element gives its
 * length. @throws KeysliceError HEADER_INCONSISTENT
 */
export async function deflatedOffset(handle: FileHandle, path: string): Promise<number> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, GROUP_LENGTH_AT);
  const length = bytesRead === 4 ? buffer.readUInt32LE(0) : 0;
  if (length === 0 || length > MAX_META_BYTES) {
    throw new KeysliceError(
      'HEADER_INCONSISTENT',
      { reason: 'the meta header does not give its length' },
      { path },
    );
  }
  return META_START + length;
}
