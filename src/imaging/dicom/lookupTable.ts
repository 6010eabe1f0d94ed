import type { Attributes } from './attributes.ts';
import type { Keyword } from './dictionary.ts';

export interface TableDescriptor {
  entries: number;
  /** First stored value that is mapped. */
  first: number;
  bits: 8 | 16;
}

/**
 * A LUT descriptor (PS3.3 C.11.1.1.1, C.7.6.3.1.5): 0 entries means 65536; entries of more than 8 bits are read
 * as 16. Null when it is absent or invalid.
 */
export function lookupTableDescriptor(
  attributes: Attributes,
  keyword: Keyword,
  signed: boolean,
): TableDescriptor | null {
  const [entries, first, bits] = attributes.numbers(keyword, signed);
  if (entries === undefined || first === undefined || bits === undefined || bits < 1 || bits > 16)
    return null;
  // Read as SS, a count above 32767 comes out negative; so does a first value when US was written.
  const count = entries <= 0 ? entries + 65536 : entries;
  return { entries: count, first: signed && first > 32767 ? first - 65536 : first, bits: bits <= 8 ? 8 : 16 };
}

/**
 * Entries of a LUT. Those of 8 bits may be packed two to a word or stored one to a word (PS3.3 C.7.9.2 note).
 * Null when there are fewer than the descriptor says.
 */
export function lookupTableEntries(
  attributes: Attributes,
  keyword: Keyword,
  { entries, bits }: TableDescriptor,
): Uint16Array | null {
  const words = attributes.words(keyword);
  if (words.length >= entries) return words.slice(0, entries);
  if (bits !== 8 || words.length * 2 < entries) return null;
  return Uint16Array.from({ length: entries }, (_, index) => {
    const word = words[index >> 1] ?? 0;
    return index % 2 === 0 ? word & 0xff : word >> 8;
  });
}
