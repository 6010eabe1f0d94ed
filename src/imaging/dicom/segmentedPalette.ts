import type { Attributes } from './attributes.ts';
import type { Keyword } from './dictionary.ts';
import { unpackWords, type TableDescriptor } from './lookupTable.ts';

const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

/**
 * Entries of a segmented palette (PS3.3 C.7.9.2): runs of values, straight lines to a value, and repetitions of
 * earlier segments. Null when the segments do not give as many entries as the descriptor says.
 */
export function expandSegments(
  attributes: Attributes,
  keyword: Keyword,
  { entries, bits }: TableDescriptor,
): Uint16Array | null {
  const words = attributes.words(keyword);
  const values = bits === 8 ? unpackWords(words) : words;
  const table = new Uint16Array(entries);
  const filled = runSegments(values, 0, Infinity, { table, filled: 0 }, bits);
  return filled === entries ? table : null;
}

interface Target {
  table: Uint16Array;
  filled: number;
}

/** Expands `count` segments from `start`; returns the number of entries filled so far. */
function runSegments(
  values: Uint16Array,
  start: number,
  count: number,
  target: Target,
  bits: 8 | 16,
): number {
  let at = start;
  for (let done = 0; done < count && at + 1 < values.length && target.filled < target.table.length; done++) {
    const opcode = values[at]!;
    const length = values[at + 1]!;
    at += 2;
    if (opcode === DISCRETE) {
      append(target, values.subarray(at, at + length));
      at += length;
    } else if (opcode === LINEAR) {
      appendLine(target, length, values[at] ?? 0);
      at += 1;
    } else if (opcode === INDIRECT) {
      const from = indirectOffset(values, at, bits);
      at += bits === 8 ? 4 : 2;
      // Only earlier segments may be repeated; they may not hold another repetition.
      if (from >= at || count !== Infinity) return 0;
      runSegments(values, from, length, target, bits);
    } else return 0;
  }
  return target.filled;
}

/** Byte offset of the repeated segment: least significant word first, then most significant. */
function indirectOffset(values: Uint16Array, at: number, bits: 8 | 16): number {
  const [a = 0, b = 0, c = 0, d = 0] = values.subarray(at, at + 4);
  return bits === 8 ? a + b * 2 ** 8 + c * 2 ** 16 + d * 2 ** 24 : (a + b * 2 ** 16) / 2;
}

function append(target: Target, values: Uint16Array): void {
  const fitting = values.subarray(0, target.table.length - target.filled);
  target.table.set(fitting, target.filled);
  target.filled += fitting.length;
}

function appendLine(target: Target, length: number, end: number): void {
  const begin = target.table[target.filled - 1] ?? 0;
  const line = Uint16Array.from({ length }, (_, index) =>
    Math.round(begin + ((end - begin) * (index + 1)) / length),
  );
  append(target, line);
}
