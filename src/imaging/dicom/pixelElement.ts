import { KeysliceError } from '../../contract/errors.ts';
import type { ByteSource } from '../scan/byteSource.ts';
import { isValueRepresentation } from '../scan/fileKind.ts';
import { tagAt } from './elementReader.ts';
import type { ParsedDataSet } from './dataSet.ts';

/** Where the pixel data of a file lie (PS3.5 section 8, PS3.3 C.7.6.3 and C.7.6.24). */
export interface PixelElement {
  number: 'integer' | 'float' | 'double';
  /** Stored as 16-bit words (OW), by an explicit value representation. */
  words: boolean;
  offset: number;
  /** Null: undefined length, which means fragments (PS3.5 A.4). */
  length: number | null;
  /** Extended Offset Table (7FE0,0001) and its lengths (7FE0,0002); null when there is none. */
  extendedOffsets: ExtendedOffsets | null;
}

export interface ExtendedOffsets {
  offsets: readonly number[];
  lengths: readonly number[];
}

const NUMBER_BY_TAG: Readonly<Record<string, PixelElement['number']>> = {
  x7fe00008: 'float',
  x7fe00009: 'double',
  x7fe00010: 'integer',
};
const UNDEFINED_LENGTH = 0xffffffff;
const LONG_VRS = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN', 'UV', 'SV'];
const MAX_ELEMENTS = 16;
/** Offsets of a million frames. */
const MAX_TABLE_BYTES = 8 * 2 ** 20;

/**
 * Finds the pixel data among the elements of group 7FE0. Null when the data set has none.
 * @throws KeysliceError FILE_TRUNCATED, LIMIT_EXCEEDED
 */
export async function findPixelElement(dataSet: ParsedDataSet): Promise<PixelElement | null> {
  const { source, encoding } = dataSet;
  let at = dataSet.pixelStart;
  let offsets: number[] = [];
  let lengths: number[] = [];
  for (let count = 0; at !== null && count < MAX_ELEMENTS; count++) {
    const header = await readHeader(source, at, encoding.explicit, encoding.littleEndian);
    if (header === null) return null;
    const number = NUMBER_BY_TAG[header.tag];
    if (number !== undefined) {
      const extendedOffsets =
        offsets.length > 0 && offsets.length === lengths.length ? { offsets, lengths } : null;
      const length = header.length === UNDEFINED_LENGTH ? null : header.length;
      return { number, words: header.vr === 'OW', offset: header.offset, length, extendedOffsets };
    }
    if (header.tag === 'x7fe00001') offsets = await readTable(source, header.offset, header.length);
    if (header.tag === 'x7fe00002') lengths = await readTable(source, header.offset, header.length);
    at = header.length === UNDEFINED_LENGTH ? null : header.offset + header.length;
  }
  return null;
}

interface ElementHeader {
  tag: string;
  /** Null where the data set has none. */
  vr: string | null;
  offset: number;
  length: number;
}

async function readHeader(
  source: ByteSource,
  at: number,
  explicit: boolean,
  littleEndian: boolean,
): Promise<ElementHeader | null> {
  const bytes = await source.read(at, 12);
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const tag = tagAt(view, 0, littleEndian);
  const vr = String.fromCharCode(bytes[4]!, bytes[5]!);
  if (!explicit || !isValueRepresentation(vr))
    return { tag, vr: null, offset: at + 8, length: view.getUint32(4, littleEndian) };
  if (!LONG_VRS.includes(vr)) return { tag, vr, offset: at + 8, length: view.getUint16(6, littleEndian) };
  if (bytes.length < 12)
    throw new KeysliceError('FILE_TRUNCATED', { expected: at + 12, actual: source.length });
  return { tag, vr, offset: at + 12, length: view.getUint32(8, littleEndian) };
}

async function readTable(source: ByteSource, offset: number, length: number): Promise<number[]> {
  if (length > MAX_TABLE_BYTES) {
    throw new KeysliceError('LIMIT_EXCEEDED', {
      what: 'The offset table',
      actual: length,
      limit: MAX_TABLE_BYTES,
    });
  }
  const bytes = await source.read(offset, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = Math.floor(bytes.length / 8);
  return Array.from({ length: count }, (_, index) => Number(view.getBigUint64(8 * index, true)));
}
