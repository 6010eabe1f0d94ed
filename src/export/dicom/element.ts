/** How the elements of a data set are encoded (PS3.5 section 7 and annex A). */
export interface Encoding {
  explicit: boolean;
  littleEndian: boolean;
}

export const IMPLICIT_LITTLE: Encoding = { explicit: false, littleEndian: true };
export const EXPLICIT_LITTLE: Encoding = { explicit: true, littleEndian: true };

/** One element as it stands in a file: header and value byte for byte. */
export interface Element {
  tag: number;
  /** Null where the encoding does not say (implicit VR). */
  vr: string | null;
  /** Header, value and, with undefined length, the delimiters. */
  bytes: Uint8Array;
  /** Bytes of the header. */
  headerLength: number;
  /** The value ends with a delimiter instead of having a length. */
  undefinedLength: boolean;
}

export const UNDEFINED_LENGTH = 0xffffffff;

const LONG_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

/** VRs with two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
export const hasLongLength = (vr: string): boolean => LONG_VRS.has(vr);

/** The value without header; the value of undefined length keeps its closing delimiter. */
export const elementValue = (element: Element): Uint8Array => element.bytes.subarray(element.headerLength);

/** Items of an element of VR UN are implicit VR little endian, whatever the file is (PS3.5 6.2.2 note 2). */
export const itemEncoding = (element: Element, encoding: Encoding): Encoding =>
  element.vr === 'UN' ? IMPLICIT_LITTLE : encoding;
