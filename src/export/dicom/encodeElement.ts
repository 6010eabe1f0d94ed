import { KeysliceError } from '../../contract/errors.ts';
import { type Element, type Encoding, hasLongLength } from './element.ts';
import { viewOf } from '../viewOf.ts';
import { TAG, tagName } from './tags.ts';

const NUMBER_BYTES = { US: 2, UL: 4, AT: 4, OV: 8 } as const;
type NumberVr = keyof typeof NUMBER_BYTES;

/** An element that Keyslice writes itself: text as ASCII, numbers, raw bytes or the items of a sequence. */
export type NewElement =
  | {
      tag: number;
      vr: 'AE' | 'CS' | 'DA' | 'DS' | 'DT' | 'IS' | 'LO' | 'SH' | 'ST' | 'TM' | 'UI';
      text: string;
    }
  | { tag: number; vr: NumberVr; numbers: readonly number[] }
  | { tag: number; vr: string; raw: Uint8Array }
  | { tag: number; vr: 'SQ'; items: readonly (readonly NewElement[])[] };

/**
 * Encodes one element (PS3.5 section 7.1); values are padded to even length, sequences have a length.
 *
 * @throws KeysliceError LIMIT_EXCEEDED when the value is too long for its VR
 */
export function encodeElement(element: NewElement, encoding: Encoding): Element {
  return wrapValue(element.tag, element.vr, encodeValue(element, encoding), encoding);
}

/** An element of these value bytes. */
export function wrapValue(tag: number, vr: string, value: Uint8Array, encoding: Encoding): Element {
  const header = elementHeader(tag, vr, value.length, encoding);
  return {
    tag,
    vr: encoding.explicit ? vr : null,
    bytes: Buffer.concat([header, value]),
    headerLength: header.length,
    undefinedLength: false,
  };
}

/** Header of an element; `length` may be undefined (0xFFFFFFFF). */
export function elementHeader(tag: number, vr: string, length: number, encoding: Encoding): Uint8Array {
  const long = encoding.explicit && hasLongLength(vr);
  const limit = encoding.explicit && !long ? 0xfffe : 0xffffffff;
  if (length > limit) {
    throw new KeysliceError('LIMIT_EXCEEDED', {
      what: `The length of ${tagName(tag)}`,
      actual: length,
      limit,
    });
  }
  const header = new Uint8Array(long ? 12 : 8);
  const view = viewOf(header);
  writeTag(view, 0, tag, encoding.littleEndian);
  if (!encoding.explicit) {
    view.setUint32(4, length, encoding.littleEndian);
    return header;
  }
  header[4] = vr.charCodeAt(0);
  header[5] = vr.charCodeAt(1);
  if (long) view.setUint32(8, length, encoding.littleEndian);
  else view.setUint16(6, length, encoding.littleEndian);
  return header;
}

/** Item tag, length and these bytes (PS3.5 section 7.5 and A.4). */
export function encodeItem(content: Uint8Array, encoding: Encoding): Uint8Array {
  return Buffer.concat([itemHeader(TAG.item, content.length, encoding), content]);
}

/** Header of an item, or a delimiter. */
export function itemHeader(tag: number, length: number, encoding: Encoding): Uint8Array {
  const header = new Uint8Array(8);
  const view = viewOf(header);
  writeTag(view, 0, tag, encoding.littleEndian);
  view.setUint32(4, length, encoding.littleEndian);
  return header;
}

/** Pads to even length with a null byte (UI, bytes) or a space (text). */
export function padEven(bytes: Uint8Array, filler: 0x00 | 0x20): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Uint8Array.of(filler)]);
}

function encodeValue(element: NewElement, encoding: Encoding): Uint8Array {
  if ('text' in element) return padEven(Buffer.from(element.text, 'ascii'), element.vr === 'UI' ? 0 : 0x20);
  if ('numbers' in element) return encodeNumbers(element.vr, element.numbers, encoding.littleEndian);
  if ('raw' in element) return padEven(element.raw, /^(O.|U[IN])$/.test(element.vr) ? 0 : 0x20);
  const items = element.items.map((item) => {
    const sorted = [...item].sort((a, b) => a.tag - b.tag);
    return encodeItem(Buffer.concat(sorted.map((child) => encodeElement(child, encoding).bytes)), encoding);
  });
  return Buffer.concat(items);
}

function encodeNumbers(vr: NumberVr, numbers: readonly number[], littleEndian: boolean): Uint8Array {
  const size = NUMBER_BYTES[vr];
  const bytes = new Uint8Array(size * numbers.length);
  const view = viewOf(bytes);
  numbers.forEach((value, index) => {
    const at = index * size;
    if (vr === 'US') view.setUint16(at, value, littleEndian);
    else if (vr === 'UL') view.setUint32(at, value, littleEndian);
    else if (vr === 'OV') view.setBigUint64(at, BigInt(value), littleEndian);
    else writeTag(view, at, value, littleEndian);
  });
  return bytes;
}

function writeTag(view: DataView, offset: number, tag: number, littleEndian: boolean): void {
  view.setUint16(offset, tag >>> 16, littleEndian);
  view.setUint16(offset + 2, tag & 0xffff, littleEndian);
}
