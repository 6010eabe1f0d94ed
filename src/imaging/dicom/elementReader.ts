import type { ByteStream } from 'dicom-parser';
import { isValueRepresentation } from '../scan/fileKind.ts';
import {
  DELIMITER_GROUP,
  elementHeader,
  elementStream,
  groupOf,
  HEADER_BYTES,
  ITEM,
  ITEM_END,
  SEQUENCE_END,
  tagAt,
  UNDEFINED_LENGTH,
  type ElementHeader,
  type Encoding,
} from './elementHeader.ts';

/** One element of a data set. Its items are found, not read: who asks for them reads them. */
export interface Element extends ElementHeader {
  /** Null for what is no sequence. */
  items: Items | null;
}

export interface Items {
  /** Value bytes of each item. */
  ranges: readonly ItemRange[];
  /** How their data sets are encoded. */
  encoding: Encoding;
}

export interface ItemRange {
  start: number;
  end: number;
}

/** By tag, in the order of the file; of an element that comes twice, the later one. */
export type Elements = ReadonlyMap<number, Element>;

/** Elements up to a group, read from a prefix of a data set. */
export interface ElementRun {
  elements: Elements;
  /** Where the run ended: at the first element of the stop group, or at the end of the bytes. */
  end: number;
  /**
   * `stop`: the stop group was reached; `end`: the bytes ended between elements; `more`: within one; `malformed`:
   * what follows is no element; `crowded`: more elements than `MAX_ELEMENTS`; `deep`: nested below `MAX_DEPTH`.
   */
  ended: 'stop' | 'end' | 'more' | 'malformed' | 'crowded' | 'deep';
  /** Bytes that the element at the end would need in all; null when it does not say. */
  needed: number | null;
}

/** Elements of one data set, repeated ones too. Real ones have some hundreds; what is nested counts by itself. */
export const MAX_ELEMENTS = 2 ** 16;
/** Items of one sequence that are kept: frames of an enhanced image. */
export const MAX_ITEMS = 2 ** 17;
/** Sequences within sequences. Real ones stop below ten. */
export const MAX_DEPTH = 64;
/** Elements between two places where the reading can be interrupted. */
export const ELEMENTS_PER_STEP = 512;

/** What is open while delimiters are looked for. */
interface Level {
  kind: 'sequence' | 'item';
  encoding: Encoding;
}

type End = { at: number } | { ended: 'more'; needed: number | null } | { ended: 'malformed' | 'deep' };

/**
 * Reads one data set, flat: the elements of its own level. Nothing is allocated by a length, nothing recurses, and
 * the work can be interrupted at every `yield`, because a header of many megabytes is read on the main thread.
 */
export class ElementReader {
  readonly #stream: ByteStream;
  readonly #length: number;
  readonly #encoding: Encoding;
  #read = 0;

  /** @param bytes the data set, or the first part of it */
  constructor(bytes: Uint8Array, encoding: Encoding) {
    this.#stream = elementStream(bytes, encoding.littleEndian);
    this.#length = bytes.length;
    this.#encoding = encoding;
  }

  /** Reads from `start` until an element of a group at or above `stopGroup`. */
  *elements(start: number, stopGroup: number): Generator<undefined, ElementRun> {
    const elements = new Map<number, Element>();
    const length = this.#length;
    let at = start;
    for (let count = 0; at < length; count++) {
      if (this.#isStep()) yield;
      const header = elementHeader(this.#stream, at, this.#encoding.explicit);
      if (header === null) return { elements, end: at, ended: 'more', needed: null };
      const group = groupOf(header.tag);
      if (group >= stopGroup && group !== DELIMITER_GROUP) {
        return { elements, end: at, ended: 'stop', needed: null };
      }
      if (count >= MAX_ELEMENTS) return { elements, end: at, ended: 'crowded', needed: null };
      // A delimiter that closes nothing: some writers end sequences of known length with one.
      const valueEnd = group === DELIMITER_GROUP ? at + HEADER_BYTES : header.offset + header.length;
      const isSequence = this.#isSequence(header);
      if (isSequence || header.length === UNDEFINED_LENGTH) {
        const next = yield* this.#sequence(header, isSequence);
        if (!('element' in next)) return { elements, end: at, needed: null, ...next };
        elements.set(header.tag, next.element);
        at = next.at;
        continue;
      }
      if (valueEnd > length) return { elements, end: at, ended: 'more', needed: valueEnd };
      if (group !== DELIMITER_GROUP) elements.set(header.tag, { ...header, items: null });
      at = valueEnd;
    }
    return { elements, end: at, ended: 'end', needed: null };
  }

  /** An element with its items, and where the next one starts; fragments outside of group 7FE0 are passed over. */
  *#sequence(
    header: ElementHeader,
    isSequence: boolean,
  ): Generator<undefined, { element: Element; at: number } | Exclude<End, { at: number }>> {
    // UN of undefined length holds implicit elements (PS3.5 6.2.2); so does an implicit element in an explicit set.
    const explicit = this.#encoding.explicit && header.vr === 'SQ';
    const encoding = { explicit, littleEndian: this.#encoding.littleEndian };
    const ranges: ItemRange[] = [];
    const items = { ranges, encoding };
    const byteLength = this.#length;
    if (header.length !== UNDEFINED_LENGTH) {
      const at = header.offset + header.length;
      if (at > byteLength) return { ended: 'more', needed: at };
      // In a sequence of known length, what cannot be read is skipped with it.
      yield* this.#items(header.offset, at, false, encoding, ranges);
      return { element: { ...header, items }, at };
    }
    const end = yield* this.#items(header.offset, byteLength, true, encoding, ranges);
    if (!('at' in end)) return end;
    const length = end.at - HEADER_BYTES - header.offset;
    return { element: { ...header, length, items: isSequence ? items : null }, at: end.at };
  }

  /** Without a value representation, a value that starts with an item is a sequence. */
  #isSequence({ vr, offset, length }: ElementHeader): boolean {
    if (vr !== null && vr !== 'UN') return vr === 'SQ';
    if (length === UNDEFINED_LENGTH) return true;
    const holdsTag = length >= HEADER_BYTES && offset + HEADER_BYTES <= this.#length;
    return holdsTag && tagAt(this.#stream, offset) === ITEM;
  }

  /** Finds the items from `start`, up to `end` or, in a `delimited` sequence, to its delimiter. */
  *#items(
    start: number,
    end: number,
    delimited: boolean,
    encoding: Encoding,
    items: ItemRange[],
  ): Generator<undefined, End> {
    let at = start;
    while (delimited || at < end) {
      if (this.#isStep()) yield;
      const item = at + HEADER_BYTES > end ? null : elementHeader(this.#stream, at, encoding.explicit);
      if (item === null) return { ended: 'more', needed: null };
      if (item.tag === SEQUENCE_END) return { at: item.offset };
      if (item.tag !== ITEM) return { ended: 'malformed' };
      const next: End =
        item.length === UNDEFINED_LENGTH
          ? yield* this.#endOfItem(item.offset, end, encoding)
          : { at: this.#endOfLength(item, end, delimited) };
      if (!('at' in next)) return next;
      if (next.at > end) return { ended: 'more', needed: next.at };
      const isClosed = item.length === UNDEFINED_LENGTH;
      if (items.length < MAX_ITEMS) {
        items.push({ start: item.offset, end: isClosed ? next.at - HEADER_BYTES : next.at });
      }
      at = next.at;
    }
    return { at };
  }

  /** An item that claims more than its sequence of known length holds ends with it: its whole elements are read. */
  #endOfLength({ offset, length }: ElementHeader, end: number, delimited: boolean): number {
    return delimited ? offset + length : Math.min(offset + length, end);
  }

  /** Walks an item of undefined length, and what is nested in it, to the byte behind its delimiter. */
  *#endOfItem(start: number, end: number, encoding: Encoding): Generator<undefined, End> {
    const open: Level[] = [{ kind: 'item', encoding }];
    let at = start;
    for (let top: Level | undefined = open[0]; top !== undefined; top = open[open.length - 1]) {
      if (this.#isStep()) yield;
      const header = elementHeader(this.#stream, at, top.encoding.explicit);
      if (header === null) return { ended: 'more', needed: null };
      const closing = top.kind === 'item' ? ITEM_END : SEQUENCE_END;
      at = header.offset;
      if (header.tag === closing) open.pop();
      else if (top.kind === 'sequence' && header.tag !== ITEM) return { ended: 'malformed' };
      else if (header.length !== UNDEFINED_LENGTH) at += header.length;
      else if (top.kind === 'sequence') open.push({ kind: 'item', encoding: top.encoding });
      else open.push({ kind: 'sequence', encoding: nestedEncoding(header, top.encoding) });
      if (open.length > 2 * MAX_DEPTH) return { ended: 'deep' };
      if (at > end) return { ended: 'more', needed: at };
    }
    return { at };
  }

  #isStep(): boolean {
    return this.#read++ % ELEMENTS_PER_STEP === 0;
  }
}

const nestedEncoding = ({ vr }: ElementHeader, { explicit, littleEndian }: Encoding): Encoding => {
  return { explicit: explicit && vr !== 'UN' && vr !== null, littleEndian };
};

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
