import dicomParser, { type ByteStream, type Element } from 'dicom-parser';
import { isValueRepresentation } from '../scan/fileKind.ts';

export interface Encoding {
  explicit: boolean;
  littleEndian: boolean;
}

/** Elements up to a group, read from a prefix of a data set. */
export interface ElementRun {
  elements: Record<string, Element>;
  /** Where the run ended: at the first element of the stop group, or at the end of the bytes. */
  end: number;
  /** `stop`: the stop group was reached; `end`: the bytes ended between elements; `more`: within one. */
  ended: 'stop' | 'end' | 'more';
  /** Bytes that the element at the end would need in all, when it says so; `more` when it is cut off before. */
  needed: number | 'more' | null;
  /** What the library threw at the element where the run ended. */
  cause: unknown;
}

const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 12;
const DELIMITER_GROUP = 0xfffe;
const SEQUENCE_END = 'xfffee0dd';
/** dicom-parser 1.8.21 takes these for short forms; PS3.5 7.1.2 gives them a length of four bytes. */
const UNKNOWN_TO_LIBRARY = ['OV', 'SV', 'UV'];

/**
 * Reads elements with dicom-parser until one of a group at or above `stopGroup`. The loop is ours, because the
 * library cannot say whether a prefix was long enough: an element of undefined length without an end takes all
 * that is left (cornerstonejs/dicomParser#266), and one that is cut off throws. Both are `more` here, as is an
 * element that cannot be parsed at all: with all bytes of the file at hand the caller knows which it was.
 */
export function readElements(
  bytes: Uint8Array,
  start: number,
  encoding: Encoding,
  stopGroup: number,
): ElementRun {
  const elements: Record<string, Element> = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start;
  try {
    while (at + HEADER_BYTES <= bytes.length) {
      const group = view.getUint16(at, encoding.littleEndian);
      if (group === DELIMITER_GROUP) {
        // A delimiter that closes nothing: some writers end sequences of known length with one.
        at += HEADER_BYTES;
        continue;
      }
      if (group >= stopGroup) {
        return { elements, end: at, ended: 'stop', needed: null, cause: null };
      }
      const next = readElement(bytes, at, encoding);
      if (next.end > bytes.length) return { elements, end: at, ended: 'more', needed: next.end, cause: null };
      elements[next.element.tag] = next.element;
      at = next.end;
    }
  } catch (cause) {
    return { elements, end: at, ended: 'more', needed: isCutOff(cause) ? 'more' : null, cause };
  }
  const complete = at === bytes.length;
  return {
    elements,
    end: at,
    ended: complete ? 'end' : 'more',
    needed: complete ? null : 'more',
    cause: null,
  };
}

function readElement(bytes: Uint8Array, at: number, encoding: Encoding): { element: Element; end: number } {
  const own = encoding.explicit ? readLongElement(bytes, at, encoding.littleEndian) : null;
  if (own !== null) return { element: own, end: own.dataOffset + own.length };
  const stream = byteStream(bytes, at, encoding.littleEndian);
  const element = encoding.explicit
    ? dicomParser.readDicomElementExplicit(stream, stream.warnings)
    : dicomParser.readDicomElementImplicit(stream);
  if (element.hadUndefinedLength === true && stream.position >= bytes.length && !isClosed(bytes, encoding)) {
    throw new RangeError(`no end of element ${element.tag} was found`);
  }
  return { element, end: stream.position };
}

/** What dicom-parser throws (strings) where an element goes on behind the last byte. */
const isCutOff = (thrown: unknown): boolean =>
  typeof thrown === 'string' && /past end of buffer|over-?r(ead|un)|maxP/.test(thrown);

/** Whether the bytes end with a sequence delimiter: then the last element was complete. */
function isClosed(bytes: Uint8Array, { littleEndian }: Encoding): boolean {
  if (bytes.length < HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return tagAt(view, bytes.length - HEADER_BYTES, littleEndian) === SEQUENCE_END;
}

function readLongElement(bytes: Uint8Array, at: number, littleEndian: boolean): Element | null {
  const vr = String.fromCharCode(bytes[at + 4] ?? 0, bytes[at + 5] ?? 0);
  if (!UNKNOWN_TO_LIBRARY.includes(vr) || at + LONG_HEADER_BYTES > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint32(at + HEADER_BYTES, littleEndian);
  return { tag: tagAt(view, at, littleEndian), vr, length, dataOffset: at + LONG_HEADER_BYTES };
}

function byteStream(bytes: Uint8Array, position: number, littleEndian: boolean): ByteStream {
  const parser = littleEndian
    ? dicomParser.littleEndianByteArrayParser
    : dicomParser.bigEndianByteArrayParser;
  return new dicomParser.ByteStream(parser, bytes, position);
}

/** The tag at an offset in dicom-parser's form: `x00280010`. */
export function tagAt(view: DataView, at: number, littleEndian: boolean): string {
  const hex = (value: number): string => value.toString(16).padStart(4, '0');
  return `x${hex(view.getUint16(at, littleEndian))}${hex(view.getUint16(at + 2, littleEndian))}`;
}

/**
 * How a data set is really encoded, from its first element: some writers name another transfer syntax than they
 * use. Falls back to what was declared when the bytes do not decide.
 */
export function encodingAt(bytes: Uint8Array, at: number, declared: Encoding): Encoding {
  if (at + HEADER_BYTES > bytes.length) return declared;
  const explicit = isValueRepresentation(String.fromCharCode(bytes[at + 4]!, bytes[at + 5]!));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = view.getUint16(at, true);
  const big = view.getUint16(at, false);
  const littleEndian = little === big ? declared.littleEndian : little < big;
  return { explicit, littleEndian };
}
