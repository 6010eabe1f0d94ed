import dicomParser, { type ByteStream } from 'dicom-parser';

export interface Encoding {
  explicit: boolean;
  littleEndian: boolean;
}

/** Tag, value representation and length of an element, and where its value starts. */
export interface ElementHeader {
  /** 0xggggeeee. */
  tag: number;
  /** Null where there is none: implicit data sets, items and delimiters. */
  vr: string | null;
  length: number;
  offset: number;
}

export const UNDEFINED_LENGTH = 0xffffffff;
export const HEADER_BYTES = 8;
export const ITEM = 0xfffee000;
export const ITEM_END = 0xfffee00d;
export const SEQUENCE_END = 0xfffee0dd;
export const DELIMITER_GROUP = 0xfffe;
const LONG_HEADER_BYTES = 12;
const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
/** dicom-parser 1.8.21 takes these for short forms; PS3.5 7.1.2 gives them a length of four bytes. */
const UNKNOWN_TO_LIBRARY = ['OV', 'SV', 'UV'];
const A = 0x41;
const Z = 0x5a;

/** The group of a tag. */
export const groupOf = (tag: number): number => Math.floor(tag / 0x10000);

/** A data set, or the first part of it, as dicom-parser reads it. */
export function elementStream(bytes: Uint8Array, littleEndian: boolean): ByteStream {
  const parser = littleEndian
    ? dicomParser.littleEndianByteArrayParser
    : dicomParser.bigEndianByteArrayParser;
  // The library refuses to stand at the start of nothing; a single byte holds no header either.
  return new dicomParser.ByteStream(parser, bytes.length === 0 ? new Uint8Array(1) : bytes, 0);
}

/** The tag at an offset. */
export function tagAt({ byteArray, byteArrayParser }: ByteStream, at: number): number {
  return byteArrayParser.readUint16(byteArray, at) * 0x10000 + byteArrayParser.readUint16(byteArray, at + 2);
}

/**
 * The header of the element at an offset (PS3.5 7.1.2, 7.1.3); null when the bytes end within it. Where an explicit
 * data set has no letters, the element is implicit: some writers change over within a file. dicom-parser is told to
 * stop at this very element: it then reads the header alone, and does not follow what is nested in its value.
 */
export function elementHeader(stream: ByteStream, at: number, explicit: boolean): ElementHeader | null {
  const { byteArray } = stream;
  if (at + HEADER_BYTES > byteArray.length) return null;
  const tag = tagAt(stream, at);
  const untilTag = `x${tag.toString(16).padStart(8, '0')}`;
  stream.position = at;
  if (!explicit || groupOf(tag) === DELIMITER_GROUP || !isLetters(byteArray[at + 4]!, byteArray[at + 5]!)) {
    const { length, dataOffset } = dicomParser.readDicomElementImplicit(stream, untilTag);
    return { tag, vr: null, length, offset: dataOffset };
  }
  const vr = String.fromCharCode(byteArray[at + 4]!, byteArray[at + 5]!);
  if (LONG_VRS.has(vr) && at + LONG_HEADER_BYTES > byteArray.length) return null;
  if (UNKNOWN_TO_LIBRARY.includes(vr)) {
    const length = stream.byteArrayParser.readUint32(byteArray, at + HEADER_BYTES);
    return { tag, vr, length, offset: at + LONG_HEADER_BYTES };
  }
  const { length, dataOffset } = dicomParser.readDicomElementExplicit(stream, [], untilTag);
  return { tag, vr, length, offset: dataOffset };
}

const isLetters = (first: number, second: number): boolean =>
  first >= A && first <= Z && second >= A && second <= Z;
