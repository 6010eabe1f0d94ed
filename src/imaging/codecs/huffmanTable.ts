/** A Huffman table of JPEG (ITU-T T.81 Annex C): short codes by one look-up, long ones by their length. */
import { frameFailed } from './codec.ts';

const MAX_LENGTH = 16;
/** Codes of up to this many bits are found by one look-up. */
export const LOOKUP_BITS = 9;

export interface HuffmanTable {
  /** By the next `LOOKUP_BITS` bits: length × 256 + value, 0 where the code is longer or does not exist. */
  lookup: Uint16Array;
  /** Largest code of each length 1 to 16, -1 where there is none. */
  maxCode: Int32Array;
  /** What to add to a code of that length for its place in `values`. */
  offset: Int32Array;
  values: Uint8Array;
}

export interface DefinedTable {
  /** Tc of T.81 B.2.4.2: tables of DC and AC coefficients are numbered apart. */
  kind: 'dc' | 'ac';
  destination: number;
  table: HuffmanTable;
}

/** The tables of one DHT segment. @throws KeysliceError FRAME_FAILED */
export function huffmanTables(data: Uint8Array): DefinedTable[] {
  const tables: DefinedTable[] = [];
  for (let at = 0; at < data.length;) {
    const counts = data.subarray(at + 1, at + 1 + MAX_LENGTH);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const values = data.subarray(at + 1 + MAX_LENGTH, at + 1 + MAX_LENGTH + total);
    if (counts.length < MAX_LENGTH || values.length < total || total > 256) {
      throw frameFailed('a Huffman table is cut off');
    }
    const which = data[at]!;
    tables.push({
      kind: which >> 4 === 0 ? 'dc' : 'ac',
      destination: which & 15,
      table: huffmanTable(counts, values),
    });
    at += 1 + MAX_LENGTH + total;
  }
  return tables;
}

function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const lookup = new Uint16Array(1 << LOOKUP_BITS);
  const maxCode = new Int32Array(MAX_LENGTH + 1).fill(-1);
  const offset = new Int32Array(MAX_LENGTH + 1);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    const count = counts[length - 1]!;
    offset[length] = place - code;
    if (code + count > 1 << length) throw frameFailed('a Huffman table has too many codes');
    for (let i = 0; i < count && length <= LOOKUP_BITS; i++) {
      const free = LOOKUP_BITS - length;
      lookup.fill((length << 8) | values[place + i]!, (code + i) << free, (code + i + 1) << free);
    }
    code += count;
    place += count;
    if (count > 0) maxCode[length] = code - 1;
    code <<= 1;
  }
  return { lookup, maxCode, offset, values };
}
