import { KeysliceError } from '../../contract/errors.ts';
import { type Element, type Encoding, hasLongLength, IMPLICIT_LITTLE, UNDEFINED_LENGTH } from './element.ts';
import { viewOf } from '../viewOf.ts';
import { TAG, tagName } from './tags.ts';

const MAX_DEPTH = 64;

export interface ElementHeader {
  tag: number;
  /** Null in implicit VR. */
  vr: string | null;
  /** May be undefined (0xFFFFFFFF). */
  length: number;
  headerLength: number;
}

/** Where parsing stopped: at the first element that was not wanted, or at the end of the bytes. */
export interface ParsedElements {
  elements: Element[];
  end: number;
}

/**
 * Splits a data set into its elements without interpreting them (PS3.5 section 7.1).
 *
 * @param bytes starts at an element; the elements are views of it
 * @param stop ends the parsing before the first element whose tag it accepts
 * @throws KeysliceError FILE_TRUNCATED, HEADER_INCONSISTENT, LIMIT_EXCEEDED
 */
export function parseElements(
  bytes: Uint8Array,
  encoding: Encoding,
  stop: (tag: number) => boolean = () => false,
): ParsedElements {
  const elements: Element[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    requireBytes(bytes, offset + 4);
    if (stop(readTag(viewOf(bytes), offset, encoding.littleEndian))) break;
    const header = readElementHeader(bytes, offset, encoding);
    const end = elementEnd(bytes, offset, header, encoding, 0);
    elements.push({
      tag: header.tag,
      vr: header.vr,
      bytes: bytes.subarray(offset, end),
      headerLength: header.headerLength,
      undefinedLength: header.length === UNDEFINED_LENGTH,
    });
    offset = end;
  }
  return { elements, end: offset };
}

/** One item of a sequence: its bytes with the item tag, and the elements' part of them. */
export interface Item {
  bytes: Uint8Array;
  content: Uint8Array;
}

/**
 * The items of a sequence's value (PS3.5 section 7.5).
 *
 * @throws KeysliceError FILE_TRUNCATED, HEADER_INCONSISTENT, LIMIT_EXCEEDED
 */
export function parseItems(value: Uint8Array, encoding: Encoding): Item[] {
  const items: Item[] = [];
  let offset = 0;
  while (offset < value.length) {
    const { tag, length } = readItemHeader(value, offset, encoding);
    if (tag === TAG.sequenceDelimitation) break;
    if (tag !== TAG.item) throw inconsistent(`${tagName(tag)} stands where an item should`);
    const start = offset + 8;
    const end = itemEnd(value, start, length, encoding, 0);
    const contentEnd = length === UNDEFINED_LENGTH ? end - 8 : end;
    items.push({ bytes: value.subarray(offset, end), content: value.subarray(start, contentEnd) });
    offset = end;
  }
  return items;
}

/** Tag, VR and length of the element at `offset`. @throws KeysliceError FILE_TRUNCATED, HEADER_INCONSISTENT */
export function readElementHeader(bytes: Uint8Array, offset: number, encoding: Encoding): ElementHeader {
  requireBytes(bytes, offset + 8);
  const view = viewOf(bytes);
  const tag = readTag(view, offset, encoding.littleEndian);
  if (!encoding.explicit || tag >>> 16 === 0xfffe) {
    return { tag, vr: null, length: view.getUint32(offset + 4, encoding.littleEndian), headerLength: 8 };
  }
  const vr = String.fromCharCode(view.getUint8(offset + 4), view.getUint8(offset + 5));
  if (!/^[A-Z]{2}$/.test(vr)) throw inconsistent(`${tagName(tag)} has no value representation`);
  if (!hasLongLength(vr)) {
    return { tag, vr, length: view.getUint16(offset + 6, encoding.littleEndian), headerLength: 8 };
  }
  requireBytes(bytes, offset + 12);
  return { tag, vr, length: view.getUint32(offset + 8, encoding.littleEndian), headerLength: 12 };
}

function readTag(view: DataView, offset: number, littleEndian: boolean): number {
  return ((view.getUint16(offset, littleEndian) << 16) | view.getUint16(offset + 2, littleEndian)) >>> 0;
}

function readItemHeader(
  bytes: Uint8Array,
  offset: number,
  encoding: Encoding,
): { tag: number; length: number } {
  requireBytes(bytes, offset + 8);
  const view = viewOf(bytes);
  return {
    tag: readTag(view, offset, encoding.littleEndian),
    length: view.getUint32(offset + 4, encoding.littleEndian),
  };
}

function elementEnd(
  bytes: Uint8Array,
  offset: number,
  header: ElementHeader,
  encoding: Encoding,
  depth: number,
): number {
  const start = offset + header.headerLength;
  if (header.length !== UNDEFINED_LENGTH) return requireBytes(bytes, start + header.length);
  return sequenceEnd(bytes, start, header.vr === 'UN' ? IMPLICIT_LITTLE : encoding, depth + 1);
}

/** Sequences and encapsulated pixel data of undefined length alike: items up to the delimiter. */
function sequenceEnd(bytes: Uint8Array, start: number, encoding: Encoding, depth: number): number {
  if (depth > MAX_DEPTH) {
    throw new KeysliceError('LIMIT_EXCEEDED', {
      what: 'The nesting of sequences',
      actual: depth,
      limit: MAX_DEPTH,
    });
  }
  let offset = start;
  for (;;) {
    const { tag, length } = readItemHeader(bytes, offset, encoding);
    offset += 8;
    if (tag === TAG.sequenceDelimitation) return offset;
    if (tag !== TAG.item) throw inconsistent(`${tagName(tag)} stands where an item should`);
    offset = itemEnd(bytes, offset, length, encoding, depth);
  }
}

function itemEnd(
  bytes: Uint8Array,
  start: number,
  length: number,
  encoding: Encoding,
  depth: number,
): number {
  if (length !== UNDEFINED_LENGTH) return requireBytes(bytes, start + length);
  let offset = start;
  for (;;) {
    const header = readElementHeader(bytes, offset, encoding);
    if (header.tag === TAG.itemDelimitation) return offset + header.headerLength;
    offset = elementEnd(bytes, offset, header, encoding, depth);
  }
}

function requireBytes(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) {
    throw new KeysliceError('FILE_TRUNCATED', { expected: end, actual: bytes.length });
  }
  return end;
}

const inconsistent = (reason: string): KeysliceError => new KeysliceError('HEADER_INCONSISTENT', { reason });
