import type { Attributes } from './attributes.ts';
import type { Keyword } from './dictionary.ts';

export interface TableDescriptor {
  entries: number;
  /** First stored value that is mapped. */
  first: number;
  /** How the entries are stored. */
  bits: 8 | 16;
  /** Bits of an entry as the descriptor gives them. */
  depth: number;
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
  const mapped = signed && first > 32767 ? first - 65536 : first;
  return { entries: count, first: mapped, bits: bits <= 8 ? 8 : 16, depth: bits };
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
  return bits !== 8 || words.length * 2 < entries ? null : unpackWords(words).slice(0, entries);
}

/** The bytes that are packed two to a word, the lower first, whatever the byte order of the data set. */
export function unpackWords(words: Uint16Array): Uint16Array {
  return Uint16Array.from({ length: words.length * 2 }, (_, index) => {
    const word = words[index >> 1]!;
    return index % 2 === 0 ? word & 0xff : word >> 8;
  });
}
