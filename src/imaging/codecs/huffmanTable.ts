/** A Huffman table of JPEG (ITU-T T.81 Annex C), looked up by code length. */
import { frameFailed } from './codec.ts';

const MAX_LENGTH = 16;

export interface HuffmanTable {
  /** Largest code of each length 1 to 16, -1 where there is none. */
  maxCode: Int32Array;
  /** What to add to a code of that length for its place in `values`. */
  offset: Int32Array;
  values: Uint8Array;
}

export interface DefinedTable {
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
    tables.push({ destination: (data[at] ?? 0) & 15, table: huffmanTable(counts, values) });
    at += 1 + MAX_LENGTH + total;
  }
  return tables;
}

function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const maxCode = new Int32Array(MAX_LENGTH + 1).fill(-1);
  const offset = new Int32Array(MAX_LENGTH + 1);
  let code = 0;
  let place = 0;
  for (let length = 1; length <= MAX_LENGTH; length++) {
    const count = counts[length - 1]!;
    offset[length] = place - code;
    code += count;
    place += count;
    if (count > 0) maxCode[length] = code - 1;
    if (code > 1 << length) throw frameFailed('a Huffman table has too many codes');
    code <<= 1;
  }
  return { maxCode, offset, values };
}
