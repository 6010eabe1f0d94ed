import type { DataSet, Element } from 'dicom-parser';
import { decodeText } from './characterSet.ts';
import { DICTIONARY, type Keyword } from './dictionary.ts';

export type Elements = Readonly<Record<string, Element>>;

const BINARY_SIZE: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };
const NOTHING = new Uint8Array(0);
const TEXT_VRS = ['DS', 'IS', 'LO', 'SH', 'ST', 'CS', 'UT', 'LT'];

/** One element of a header for people. */
export interface ElementLine {
  /** (gggg,eeee), with a `>` for each level of nesting. */
  tag: string;
  vr: string;
  value: string;
}

/** Longer values, and those with control characters, are shown by their length. */
const LONGEST_SHOWN = 1024;
const FIRST_PRINTABLE = 9;

/**
 * The values of a data set or of a sequence's item, read without trust: what is absent, empty, out of bounds or
 * malformed gives null or an empty list, never an exception. Offsets count from the start of `bytes`.
 */
export class Attributes {
  private readonly elements: Elements;
  private readonly bytes: Uint8Array;
  private readonly littleEndian: boolean;
  private readonly characterSets: readonly string[];

  constructor(
    elements: Elements,
    bytes: Uint8Array,
    littleEndian: boolean,
    inherited: readonly string[] = [],
  ) {
    this.elements = elements;
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    const own = this.codes('SpecificCharacterSet');
    this.characterSets = own.length > 0 ? own : inherited;
  }

  has(keyword: Keyword): boolean {
    return this.elements[DICTIONARY[keyword][0]] !== undefined;
  }

  /** Value bytes as they are stored; empty when there are none. */
  raw(keyword: Keyword): Uint8Array {
    return this.valueOf(this.elements[DICTIONARY[keyword][0]]);
  }

  /** The values of a code string, UID, date or another text in the basic repertoire; empty ones keep their place. */
  codes(keyword: Keyword): string[] {
    const bytes = this.raw(keyword);
    return bytes.length === 0 ? [] : latin1(bytes).split('\\').map(trimmed);
  }

  code(keyword: Keyword): string | null {
    return this.codes(keyword)[0] || null;
  }

  /** Text for people, in the character sets of the data set (PS3.5 6.1). */
  text(keyword: Keyword): string {
    return trimmed(decodeText(this.raw(keyword), this.characterSets));
  }

  texts(keyword: Keyword): string[] {
    const text = decodeText(this.raw(keyword), this.characterSets);
    return text === '' ? [] : text.split('\\').map(trimmed);
  }

  /**
   * Numbers of a binary or textual value representation; an empty list when one of them is not a finite number.
   * `signed` decides for attributes that may be US or SS.
   */
  numbers(keyword: Keyword, signed = false): number[] {
    const [tag, declared] = DICTIONARY[keyword];
    const element = this.elements[tag];
    if (element === undefined) return [];
    const stored = element.vr === undefined || element.vr === 'UN' ? declared : element.vr;
    const vr = stored === 'XS' ? (signed ? 'SS' : 'US') : stored;
    const values = TEXT_VRS.includes(vr) ? this.textNumbers(keyword) : this.binaryNumbers(element, vr);
    return values.every(Number.isFinite) ? values : [];
  }

  number(keyword: Keyword, signed = false): number | null {
    return this.numbers(keyword, signed)[0] ?? null;
  }

  items(keyword: Keyword): Attributes[] {
    const items = this.elements[DICTIONARY[keyword][0]]?.items ?? [];
    return items.flatMap(({ dataSet }) => (dataSet === undefined ? [] : [this.nested(dataSet)]));
  }

  /** 16-bit words of a value, in the byte order of the data set. */
  words(keyword: Keyword): Uint16Array {
    const bytes = this.raw(keyword);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = Math.floor(bytes.length / 2);
    return Uint16Array.from({ length: count }, (_, index) => view.getUint16(2 * index, this.littleEndian));
  }

  /** Value bytes in the order of a little-endian data set: big-endian words (OW) are swapped. */
  littleEndianBytes(keyword: Keyword): Uint8Array {
    const bytes = this.raw(keyword);
    const isWords = this.elements[DICTIONARY[keyword][0]]?.vr === 'OW' && bytes.length % 2 === 0;
    return isWords && !this.littleEndian ? Buffer.from(bytes).swap16() : bytes;
  }

  /**
   * The groups `first` to `last` of a repeating kind (PS3.5 7.6) that are there, ascending, each with its elements
   * under the tags of the first: those that the dictionary names.
   */
  repeatingGroups(first: number, last: number): { group: number; attributes: Attributes }[] {
    const byGroup = new Map<number, [tag: string, element: Element][]>();
    for (const [tag, element] of Object.entries(this.elements)) {
      const group = Number.parseInt(tag.slice(1, 5), 16);
      if (group < first || group > last) continue;
      const named: [string, Element] = [`x${first.toString(16)}${tag.slice(5)}`, element];
      byGroup.set(group, [...(byGroup.get(group) ?? []), named]);
    }
    return [...byGroup]
      .sort(([a], [b]) => a - b)
      .map(([group, elements]) => ({ group, attributes: this.derived(Object.fromEntries(elements)) }));
  }

  /** Text of a private element, its block found by its creator (PS3.5 7.8.1); null when it is absent or empty. */
  privateText(group: number, creator: string, element: number): string | null {
    const prefix = `x${group.toString(16).padStart(4, '0')}`;
    const hex = (value: number): string => value.toString(16).padStart(2, '0');
    for (let block = 0x10; block <= 0xff; block++) {
      const owner = this.elements[`${prefix}00${hex(block)}`];
      if (owner === undefined || trimmed(latin1(this.valueOf(owner))) !== creator) continue;
      const value = this.valueOf(this.elements[`${prefix}${hex(block)}${hex(element)}`]);
      return trimmed(latin1(value)) || null;
    }
    return null;
  }

  /** Every element in the order of the file as text, those of a sequence's items after it. */
  lines(depth = 0): ElementLine[] {
    return Object.values(this.elements).flatMap((element) => {
      const vr = element.vr ?? 'UN';
      const tag = `${'>'.repeat(depth)}(${element.tag.slice(1, 5)},${element.tag.slice(5)})`;
      const items = element.items ?? [];
      const value = items.length > 0 ? `${items.length} item(s)` : this.shown(element, vr);
      const nested = items.flatMap(({ dataSet }) =>
        dataSet === undefined ? [] : this.nested(dataSet).lines(depth + 1),
      );
      return [{ tag, vr, value }, ...nested];
    });
  }

  private shown(element: Element, vr: string): string {
    const bytes = this.valueOf(element);
    if (BINARY_SIZE[vr] !== undefined) return this.binaryNumbers(element, vr).join('\\');
    const isText =
      bytes.length <= LONGEST_SHOWN && bytes.every((byte) => byte === 0 || byte >= FIRST_PRINTABLE);
    return isText ? trimmed(decodeText(bytes, this.characterSets)) : `${element.length} bytes`;
  }

  private nested(dataSet: DataSet): Attributes {
    return this.derived(dataSet.elements);
  }

  private derived(elements: Elements): Attributes {
    return new Attributes(elements, this.bytes, this.littleEndian, this.characterSets);
  }

  private valueOf(element: Element | undefined): Uint8Array {
    if (element === undefined || element.length === 0) return NOTHING;
    return this.bytes.subarray(element.dataOffset, element.dataOffset + element.length);
  }

  private textNumbers(keyword: Keyword): number[] {
    return this.codes(keyword).map((text) => (text === '' ? Number.NaN : Number(text)));
  }

  private binaryNumbers(element: Element, vr: string): number[] {
    const size = BINARY_SIZE[vr];
    if (size === undefined) return [];
    const bytes = this.valueOf(element);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = Math.floor(bytes.length / size);
    return Array.from({ length: count }, (_, index) => readNumber(view, index * size, vr, this.littleEndian));
  }
}

function readNumber(view: DataView, at: number, vr: string, littleEndian: boolean): number {
  switch (vr) {
    case 'US':
      return view.getUint16(at, littleEndian);
    case 'SS':
      return view.getInt16(at, littleEndian);
    case 'UL':
      return view.getUint32(at, littleEndian);
    case 'SL':
      return view.getInt32(at, littleEndian);
    case 'FL':
      return view.getFloat32(at, littleEndian);
    case 'FD':
      return view.getFloat64(at, littleEndian);
    default:
      return view.getUint16(at, littleEndian) * 0x10000 + view.getUint16(at + 2, littleEndian);
  }
}

/** Values are padded with spaces or a zero byte at the end, and some writers pad in front. */
const trimmed = (text: string): string => text.replace(/\0+$/, '').trim();

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
