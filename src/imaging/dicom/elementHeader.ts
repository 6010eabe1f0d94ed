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
/** Value representations with a length of four bytes (PS3.5 7.1.2). */
const LONG_VRS = new Set(
  ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'].map(
    (letters) => letters.charCodeAt(0) * 0x100 + letters.charCodeAt(1),
  ),
);
const A = 0x41;
const Z = 0x5a;

/** The group of a tag. */
export const groupOf = (tag: number): number => Math.floor(tag / 0x10000);

/** The tag at an offset. */
export function tagAt(view: DataView, at: number, littleEndian: boolean): number {
  return view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
}

/**
 * The header of the element at an offset (PS3.5 7.1.2, 7.1.3); null when the bytes end within it. Where an explicit
 * data set has no letters, the element is implicit: some writers change over within a file.
 */
export function elementHeader(view: DataView, at: number, encoding: Encoding): ElementHeader | null {
  if (at + HEADER_BYTES > view.byteLength) return null;
  const { littleEndian } = encoding;
  const tag = tagAt(view, at, littleEndian);
  const letters = view.getUint16(at + 4, false);
  if (!encoding.explicit || groupOf(tag) === DELIMITER_GROUP || !isLetters(letters)) {
    return { tag, vr: null, length: view.getUint32(at + 4, littleEndian), offset: at + HEADER_BYTES };
  }
  const vr = String.fromCharCode(letters >> 8, letters & 0xff);
  if (!LONG_VRS.has(letters)) {
    return { tag, vr, length: view.getUint16(at + 6, littleEndian), offset: at + HEADER_BYTES };
  }
  if (at + LONG_HEADER_BYTES > view.byteLength) return null;
  const length = view.getUint32(at + HEADER_BYTES, littleEndian);
  return { tag, vr, length, offset: at + LONG_HEADER_BYTES };
}

function isLetters(pair: number): boolean {
  const first = pair >> 8;
  const second = pair & 0xff;
  return first >= A && first <= Z && second >= A && second <= Z;
}
