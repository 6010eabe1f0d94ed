import { KeysliceError } from '../../contract/errors.ts';
import type { ByteSource } from '../scan/byteSource.ts';
import type { ParsedDataSet } from './dataSet.ts';
import { elementHeader, elementStream, UNDEFINED_LENGTH, type ElementHeader } from './elementHeader.ts';

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

const NUMBER_BY_TAG: ReadonlyMap<number, PixelElement['number']> = new Map([
  [0x7fe00008, 'float'],
  [0x7fe00009, 'double'],
  [0x7fe00010, 'integer'],
]);
const EXTENDED_OFFSETS = 0x7fe00001;
const EXTENDED_LENGTHS = 0x7fe00002;
const LONGEST_HEADER_BYTES = 12;
const MAX_ELEMENTS = 16;
/** Offsets of a million frames. */
const MAX_TABLE_BYTES = 8 * 2 ** 20;

/**
 * Finds the pixel data among the elements of group 7FE0. Null when the data set has none.
 * @throws KeysliceError FILE_TRUNCATED, LIMIT_EXCEEDED
 */
export async function findPixelElement(dataSet: ParsedDataSet): Promise<PixelElement | null> {
  const { source } = dataSet;
  let at = dataSet.pixelStart;
  let offsets: number[] = [];
  let lengths: number[] = [];
  for (let count = 0; at !== null && count < MAX_ELEMENTS; count++) {
    const header = await readHeader(dataSet, at);
    if (header === null) return null;
    const number = NUMBER_BY_TAG.get(header.tag);
    if (number !== undefined) {
      const extendedOffsets =
        offsets.length > 0 && offsets.length === lengths.length ? { offsets, lengths } : null;
      const length = header.length === UNDEFINED_LENGTH ? null : header.length;
      return { number, words: header.vr === 'OW', offset: header.offset, length, extendedOffsets };
    }
    if (header.tag === EXTENDED_OFFSETS) offsets = await readTable(source, header.offset, header.length);
    if (header.tag === EXTENDED_LENGTHS) lengths = await readTable(source, header.offset, header.length);
    at = header.length === UNDEFINED_LENGTH ? null : header.offset + header.length;
  }
  return null;
}

async function readHeader({ source, encoding }: ParsedDataSet, at: number): Promise<ElementHeader | null> {
  const bytes = await source.read(at, LONGEST_HEADER_BYTES);
  const header = elementHeader(elementStream(bytes, encoding.littleEndian), 0, encoding.explicit);
  if (header !== null) return { ...header, offset: at + header.offset };
  if (at >= source.length) return null;
  throw new KeysliceError('FILE_TRUNCATED', { expected: at + LONGEST_HEADER_BYTES, actual: source.length });
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
