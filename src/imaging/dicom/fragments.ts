import { KeysliceError } from '../../contract/errors.ts';
import type { ByteRange } from '../../contract/series.ts';
import type { ByteSource } from '../scan/byteSource.ts';

export interface FragmentList {
  /** Value bytes of each fragment, in order. */
  fragments: ByteRange[];
  /** Whether a fragment starts with the first bytes of a JPEG, JPEG-LS, JPEG 2000 or JP2 stream. */
  startsStream: boolean[];
  /** Basic offset table, as stored; empty when it is. */
  basicOffsets: number[];
  /** What all offset tables count from: the item tag of the first fragment. */
  base: number;
}

const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;
const ITEM_HEADER_BYTES = 8;
/** SOI and another marker; SOC and SIZ; the signature box of JP2. */
const STREAM_STARTS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
  [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50],
];
const LONGEST_START = 6;
const MAX_TABLE_BYTES = 4 * 2 ** 20;
const MAX_FRAGMENTS = 2 ** 20;
/** Small fragments lie together: their headers come from one read. Most images have one, and end inside this or far off. */
const WINDOW_BYTES = 8 * 1024;

/**
 * Walks the items of encapsulated pixel data (PS3.5 A.4), reading item headers, not pixels.
 * A missing delimiter at the very end of the file is let pass: nothing of the pixels is missing then.
 * @throws KeysliceError FILE_TRUNCATED, HEADER_INCONSISTENT, LIMIT_EXCEEDED
 */
export async function walkFragments(source: ByteSource, start: number): Promise<FragmentList> {
  const reader = itemReader(source);
  const table = await reader(start);
  if (table?.tag !== ITEM) {
    throw new KeysliceError('HEADER_INCONSISTENT', {
      reason: 'the compressed pixel data do not start with an item',
    });
  }
  checkLimit('The offset table', table.length, MAX_TABLE_BYTES);
  const base = start + ITEM_HEADER_BYTES + table.length;
  const basicOffsets = await readOffsets(source, start + ITEM_HEADER_BYTES, table.length);
  const fragments: ByteRange[] = [];
  const startsStream: boolean[] = [];
  let at = base;
  for (;;) {
    const item = await reader(at);
    if (item === null || item.tag !== ITEM) {
      return ended(item, at, source) ? { fragments, startsStream, basicOffsets, base } : unexpected(at);
    }
    const offset = at + ITEM_HEADER_BYTES;
    at = offset + item.length;
    if (at > source.length)
      throw new KeysliceError('FILE_TRUNCATED', { expected: at, actual: source.length });
    fragments.push({ offset, length: item.length });
    startsStream.push(
      STREAM_STARTS.some((start) => start.every((byte, index) => item.first[index] === byte)),
    );
    checkLimit('The number of fragments', fragments.length, MAX_FRAGMENTS);
  }
}

interface Item {
  tag: number;
  length: number;
  /** The first bytes of its value, as many as it has. */
  first: Uint8Array;
}

function itemReader(source: ByteSource): (at: number) => Promise<Item | null> {
  let window: Uint8Array = new Uint8Array(0);
  let windowStart = 0;
  return async (at) => {
    const wanted = ITEM_HEADER_BYTES + LONGEST_START;
    if (at < windowStart || at + wanted > windowStart + window.length) {
      window = await source.read(at, WINDOW_BYTES);
      windowStart = at;
    }
    const inWindow = at - windowStart;
    if (inWindow + ITEM_HEADER_BYTES > window.length) return null;
    const view = new DataView(window.buffer, window.byteOffset + inWindow, ITEM_HEADER_BYTES);
    const length = view.getUint32(4, true);
    const value = inWindow + ITEM_HEADER_BYTES;
    return {
      tag: view.getUint16(0, true) * 0x10000 + view.getUint16(2, true),
      length,
      first: window.subarray(value, value + Math.min(length, LONGEST_START)),
    };
  };
}

const ended = (item: Item | null, at: number, source: ByteSource): boolean =>
  item === null ? at >= source.length - 1 : item.tag === SEQUENCE_END;

function unexpected(at: number): never {
  const reason = `byte ${at} of the compressed pixel data starts neither a fragment nor their end`;
  throw new KeysliceError('HEADER_INCONSISTENT', { reason });
}

async function readOffsets(source: ByteSource, offset: number, length: number): Promise<number[]> {
  const bytes = await source.read(offset, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getUint32(4 * index, true));
}

function checkLimit(what: string, actual: number, limit: number): void {
  if (actual > limit) throw new KeysliceError('LIMIT_EXCEEDED', { what, actual, limit });
}
