import { atOnce } from '../scan/turns.ts';
import { decodeText } from './characterSet.ts';
import { DICTIONARY, type Keyword } from './dictionary.ts';
import { groupOf, type Encoding } from './elementHeader.ts';
import {
  ElementReader,
  ELEMENTS_PER_STEP,
  MAX_DEPTH,
  type Element,
  type Elements,
  type ItemRange,
} from './elementReader.ts';

const BINARY_SIZE: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 4 };
const NOTHING = new Uint8Array(0);
const TAGS = Object.fromEntries(
  Object.entries(DICTIONARY).map(([keyword, [tag]]) => [keyword, Number.parseInt(tag.slice(1), 16)]),
) as Readonly<Record<Keyword, number>>;
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
/** Lines of a listing; enhanced images of some thousand frames stay below. */
const MAX_LINES = 2 ** 18;
/** A name has at most 3 × 64 characters (PS3.5 6.2), an image type some dozens: what goes on is cut off here. */
const LONGEST_TEXT = 4096;
/** The increments of a hundred thousand frames. */
const LONGEST_NUMBERS = 2 ** 20;
/** An item is read at once, in some milliseconds: one of more elements than any has is taken for empty. */
const MAX_STEPS = 2 ** 14 / ELEMENTS_PER_STEP;
const NO_ELEMENTS: Elements = new Map();
const NO_STOP = Infinity;

/**
 * The values of a data set or of a sequence's item, read without trust: what is absent, empty, out of bounds or
 * malformed gives null or an empty list, never an exception. Offsets count from the start of `bytes`. Every value
 * is parsed once: the frames of an image ask for the shared ones again and again.
 */
export class Attributes {
  readonly #bytes: Uint8Array;
  readonly #encoding: Encoding;
  readonly #inherited: () => readonly string[];
  readonly #read: () => Elements;
  #elements: Elements | null = null;
  #characterSets: readonly string[] | null = null;
  readonly #codes = new Map<Keyword, string[]>();
  readonly #numbers = new Map<string, number[]>();
  readonly #items = new Map<Keyword, Attributes[]>();

  /** @param read gives the elements when they are first asked for */
  constructor(
    read: () => Elements,
    bytes: Uint8Array,
    encoding: Encoding,
    inherited: () => readonly string[] = () => [],
  ) {
    this.#read = read;
    this.#bytes = bytes;
    this.#encoding = encoding;
    this.#inherited = inherited;
  }

  has(keyword: Keyword): boolean {
    return this.#element(keyword) !== undefined;
  }

  /** Value bytes as they are stored; empty when there are none. */
  raw(keyword: Keyword): Uint8Array {
    return this.#valueOf(this.#element(keyword));
  }

  /** The values of a code string, UID, date or another text in the basic repertoire; empty ones keep their place. */
  codes(keyword: Keyword): string[] {
    const known = this.#codes.get(keyword);
    if (known !== undefined) return known;
    const bytes = this.raw(keyword).subarray(0, LONGEST_TEXT);
    const codes = bytes.length === 0 ? [] : latin1(bytes).split('\\').map(trimmed);
    this.#codes.set(keyword, codes);
    return codes;
  }

  code(keyword: Keyword): string | null {
    return this.codes(keyword)[0] || null;
  }

  /** Text for people, in the character sets of the data set (PS3.5 6.1), on one line. */
  text(keyword: Keyword): string {
    return trimmed(this.#decoded(keyword));
  }

  texts(keyword: Keyword): string[] {
    const text = this.#decoded(keyword);
    return text === '' ? [] : text.split('\\').map(trimmed);
  }

  /**
   * Numbers of a binary or textual value representation; an empty list when one of them is not a finite number.
   * `signed` decides for attributes that may be US or SS.
   */
  numbers(keyword: Keyword, signed = false): number[] {
    const key = signed ? `${keyword}, signed` : keyword;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const numbers = this.#parseNumbers(keyword, signed);
    this.#numbers.set(key, numbers);
    return numbers;
  }

  number(keyword: Keyword, signed = false): number | null {
    return this.numbers(keyword, signed)[0] ?? null;
  }

  items(keyword: Keyword): Attributes[] {
    const known = this.#items.get(keyword);
    if (known !== undefined) return known;
    const items = this.#itemsOf(this.#element(keyword));
    this.#items.set(keyword, items);
    return items;
  }

  /** 16-bit words of a value, in the byte order of the data set. */
  words(keyword: Keyword): Uint16Array {
    const bytes = this.raw(keyword);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = Math.floor(bytes.length / 2);
    const { littleEndian } = this.#encoding;
    return Uint16Array.from({ length: count }, (_, index) => view.getUint16(2 * index, littleEndian));
  }

  /** Value bytes in the order of a little-endian data set: big-endian words (OW) are swapped. */
  littleEndianBytes(keyword: Keyword): Uint8Array {
    const bytes = this.raw(keyword);
    const isWords = this.#element(keyword)?.vr === 'OW' && bytes.length % 2 === 0;
    return isWords && !this.#encoding.littleEndian ? Buffer.from(bytes).swap16() : bytes;
  }

  /**
   * The groups `first` to `last` of a repeating kind (PS3.5 7.6) that are there, ascending, each with its elements
   * under the tags of the first: those that the dictionary names.
   */
  repeatingGroups(first: number, last: number): { group: number; attributes: Attributes }[] {
    const byGroup = new Map<number, Map<number, Element>>();
    for (const [tag, element] of this.#all()) {
      const group = groupOf(tag);
      if (group < first || group > last) continue;
      const named = byGroup.get(group) ?? new Map<number, Element>();
      byGroup.set(group, named.set(first * 0x10000 + (tag % 0x10000), element));
    }
    return [...byGroup]
      .sort(([a], [b]) => a - b)
      .map(([group, elements]) => ({
        group,
        attributes: new Attributes(
          () => elements,
          this.#bytes,
          this.#encoding,
          () => this.#sets(),
        ),
      }));
  }

  /** Text of a private element, its block found by its creator (PS3.5 7.8.1); null when it is absent or empty. */
  privateText(group: number, creator: string, element: number): string | null {
    const elements = this.#all();
    const base = group * 0x10000;
    for (let block = 0x10; block <= 0xff; block++) {
      const owner = elements.get(base + block);
      if (owner === undefined || trimmed(latin1(this.#valueOf(owner))) !== creator) continue;
      return trimmed(latin1(this.#valueOf(elements.get(base + block * 0x100 + element)))) || null;
    }
    return null;
  }

  /** Every element in the order of the file as text, those of a sequence's items after it. */
  lines(): ElementLine[] {
    const lines: ElementLine[] = [];
    this.#list(0, lines);
    return lines;
  }

  #list(depth: number, lines: ElementLine[]): void {
    for (const element of this.#all().values()) {
      if (lines.length >= MAX_LINES) return;
      const vr = element.vr ?? 'UN';
      const digits = element.tag.toString(16).padStart(8, '0');
      const tag = `${'>'.repeat(depth)}(${digits.slice(0, 4)},${digits.slice(4)})`;
      const items = depth < MAX_DEPTH ? this.#itemsOf(element) : [];
      lines.push({ tag, vr, value: items.length > 0 ? `${items.length} item(s)` : this.#shown(element, vr) });
      for (const item of items) item.#list(depth + 1, lines);
    }
  }

  #shown(element: Element, vr: string): string {
    const bytes = this.#valueOf(element);
    const brief = bytes.length <= LONGEST_SHOWN;
    if (brief && BINARY_SIZE[vr] !== undefined) return this.#binaryNumbers(element, vr).join('\\');
    const isText = brief && bytes.every((byte) => byte === 0 || byte >= FIRST_PRINTABLE);
    return isText ? trimmed(decodeText(bytes, this.#sets())) : `${element.length} bytes`;
  }

  #all(): Elements {
    this.#elements ??= this.#read();
    return this.#elements;
  }

  #element(keyword: Keyword): Element | undefined {
    return this.#all().get(TAGS[keyword]);
  }

  #itemsOf(element: Element | undefined): Attributes[] {
    const items = element?.items ?? null;
    return items === null ? [] : items.ranges.map((range) => this.#nested(range, items.encoding));
  }

  #nested({ start, end }: ItemRange, encoding: Encoding): Attributes {
    const bytes = this.#bytes.subarray(start, end);
    const read = (): Elements =>
      atOnce(new ElementReader(bytes, encoding).elements(0, NO_STOP), MAX_STEPS)?.elements ?? NO_ELEMENTS;
    return new Attributes(read, bytes, encoding, () => this.#sets());
  }

  #sets(): readonly string[] {
    if (this.#characterSets === null) {
      const own = this.codes('SpecificCharacterSet');
      this.#characterSets = own.length > 0 ? own : this.#inherited();
    }
    return this.#characterSets;
  }

  #decoded(keyword: Keyword): string {
    return decodeText(this.raw(keyword).subarray(0, LONGEST_TEXT), this.#sets());
  }

  #valueOf(element: Element | undefined): Uint8Array {
    if (element === undefined || element.length === 0) return NOTHING;
    return this.#bytes.subarray(element.offset, element.offset + element.length);
  }

  #parseNumbers(keyword: Keyword, signed: boolean): number[] {
    const element = this.#element(keyword);
    if (element === undefined || element.length > LONGEST_NUMBERS) return [];
    const declared = DICTIONARY[keyword][1];
    const stored = element.vr === null || element.vr === 'UN' ? declared : element.vr;
    const vr = stored === 'XS' ? (signed ? 'SS' : 'US') : stored;
    const values = TEXT_VRS.includes(vr)
      ? textNumbers(this.#valueOf(element))
      : this.#binaryNumbers(element, vr);
    return values.every(Number.isFinite) ? values : [];
  }

  #binaryNumbers(element: Element, vr: string): number[] {
    const size = BINARY_SIZE[vr];
    if (size === undefined) return [];
    const bytes = this.#valueOf(element);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const count = Math.floor(bytes.length / size);
    const { littleEndian } = this.#encoding;
    return Array.from({ length: count }, (_, index) => readNumber(view, index * size, vr, littleEndian));
  }
}

function textNumbers(bytes: Uint8Array): number[] {
  if (bytes.length === 0) return [];
  return latin1(bytes)
    .split('\\')
    .map((text) => (trimmed(text) === '' ? Number.NaN : Number(trimmed(text))));
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
