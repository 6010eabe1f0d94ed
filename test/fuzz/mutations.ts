/** Changes to the bytes of a file, from a seeded source: the same numbers give the same file. */

/** What a seed file is changed with. `below(n)` gives an integer from 0 to n − 1. */
export interface Chance {
  below: (limit: number) => number;
}

export interface Mutant {
  bytes: Uint8Array;
  /** The changes in words, for the report. */
  changes: string[];
  /** `cut`: the file, or a compressed stream in it, only ends earlier: what still decodes must be unchanged. */
  kind: 'cut' | 'changed';
}

type Change = (bytes: Uint8Array, other: Uint8Array, chance: Chance) => { bytes: Uint8Array; what: string };

const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const NUMBERS = [
  '-1',
  '0',
  '1e308',
  '-1e308',
  'NaN',
  'Infinity',
  '1e-320',
  '99999999999999999999',
  '0x10',
  '\\\\',
];
const DIGIT = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const LETTER = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x41 && byte <= 0x5a;

/** One to three changes, or a cut. `other` is another file, for splices. */
export function mutate(seed: Uint8Array, other: Uint8Array, chance: Chance): Mutant {
  if (seed.length < 2) return { bytes: seed, changes: [], kind: 'changed' };
  const cut =
    chance.below(8) === 0 ? cutFile(seed, chance) : chance.below(8) === 0 ? cutStream(seed, chance) : null;
  if (cut !== null) return { bytes: cut.bytes, changes: [cut.what], kind: 'cut' };
  let bytes = seed;
  const changes: string[] = [];
  for (let left = 1 + chance.below(3); left > 0 && bytes.length > 1; left--) {
    const change = CHANGES[chance.below(CHANGES.length)];
    const changed = change?.(bytes, other, chance);
    if (changed === undefined) continue;
    bytes = changed.bytes;
    changes.push(changed.what);
  }
  return { bytes, changes, kind: 'changed' };
}

const CHANGES: readonly Change[] = [
  flipBits,
  setBytes,
  setWord,
  setLength,
  setLength,
  setNumber,
  removeBlock,
  repeatBlock,
  insertZeros,
  splice,
  crossOver,
  swapBlocks,
];

function flipBits(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const copy = Uint8Array.from(bytes);
  const count = 1 + below(8);
  for (let done = 0; done < count; done++) copy[below(copy.length)]! ^= 1 << below(8);
  return { bytes: copy, what: `${count} bits flipped` };
}

function setBytes(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const copy = Uint8Array.from(bytes);
  const at = below(copy.length);
  copy.fill(below(2) === 0 ? 0xff : below(256), at, at + 1 + below(16));
  return { bytes: copy, what: `bytes set at ${at}` };
}

function setWord(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  return wordAt(bytes, below(bytes.length), below);
}

/** A number at the edge of its range where a length may stand: behind an item tag or a value representation. */
function setLength(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const start = below(bytes.length);
  for (let at = start; at + 8 < bytes.length && at < start + 4096; at++) {
    const isItem = bytes[at] === 0xfe && bytes[at + 1] === 0xff && bytes[at + 3] === 0xe0;
    if (isItem) return wordAt(bytes, at + 4, below);
    if (LETTER(bytes[at]) && LETTER(bytes[at + 1])) return wordAt(bytes, at + 2 + 4 * below(2), below);
  }
  return wordAt(bytes, start, below);
}

function wordAt(bytes: Uint8Array, at: number, below: Chance['below']): ReturnType<Change> {
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  const size = below(2) === 0 ? 2 : 4;
  const place = Math.max(0, Math.min(at, copy.length - size));
  const edge = EDGES[below(EDGES.length)] ?? 0;
  const value = below(4) === 0 ? below(2 ** 16) : edge;
  if (copy.length < size) return { bytes: copy, what: 'nothing' };
  if (size === 2) view.setUint16(place, value & 0xffff, below(8) > 0);
  else view.setUint32(place, value, below(8) > 0);
  return { bytes: copy, what: `${size} bytes at ${place} set to ${value}` };
}

/** Another number in place of the next one that is written in digits. */
function setNumber(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const copy = Uint8Array.from(bytes);
  let at = below(copy.length);
  while (at < copy.length && !DIGIT(copy[at])) at++;
  let end = at;
  while (end < copy.length && DIGIT(copy[end])) end++;
  const text = (NUMBERS[below(NUMBERS.length)] ?? '').padEnd(end - at).slice(0, end - at);
  copy.set(Buffer.from(text, 'latin1'), at);
  return { bytes: copy, what: `the number at ${at} set to ${text}` };
}

function removeBlock(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const [from, to] = block(bytes, below);
  return {
    bytes: joined(bytes.subarray(0, from), bytes.subarray(to)),
    what: `bytes ${from} to ${to} removed`,
  };
}

function repeatBlock(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const [from, to] = block(bytes, below);
  const times = 1 + below(4);
  const repeated = Array<Uint8Array>(times).fill(bytes.subarray(from, to));
  return {
    bytes: joined(bytes.subarray(0, to), ...repeated, bytes.subarray(to)),
    what: `bytes ${from} to ${to} repeated ${times} times`,
  };
}

function insertZeros(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const at = below(bytes.length);
  const count = 1 + below(64);
  const inserted = joined(bytes.subarray(0, at), new Uint8Array(count), bytes.subarray(at));
  return { bytes: inserted, what: `${count} zeros put in at ${at}` };
}

function splice(bytes: Uint8Array, other: Uint8Array, { below }: Chance): ReturnType<Change> {
  const [from, to] = block(other, below);
  const at = below(bytes.length);
  const rest = below(2) === 0 ? at : at + to - from;
  return {
    bytes: joined(bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(rest)),
    what: `bytes ${from} to ${to} of another file put at ${at}`,
  };
}

function crossOver(bytes: Uint8Array, other: Uint8Array, { below }: Chance): ReturnType<Change> {
  const at = below(bytes.length);
  const from = below(2) === 0 ? Math.min(at, other.length) : below(other.length);
  return {
    bytes: joined(bytes.subarray(0, at), other.subarray(from)),
    what: `another file from its byte ${from} on at ${at}`,
  };
}

function swapBlocks(bytes: Uint8Array, _: Uint8Array, { below }: Chance): ReturnType<Change> {
  const [a, b, c] = [below(bytes.length), below(bytes.length), below(bytes.length)].sort((x, y) => x - y);
  const [from = 0, middle = 0, to = 0] = [a, b, c];
  return {
    bytes: joined(
      bytes.subarray(0, from),
      bytes.subarray(middle, to),
      bytes.subarray(from, middle),
      bytes.subarray(to),
    ),
    what: `bytes ${from} to ${middle} and ${middle} to ${to} swapped`,
  };
}

function cutFile(bytes: Uint8Array, { below }: Chance): { bytes: Uint8Array; what: string } {
  const length = below(bytes.length);
  return { bytes: bytes.subarray(0, length), what: `cut off after ${length} bytes` };
}

/** The last fragment of encapsulated pixel data made shorter, in good order; null where there is none. */
function cutStream(bytes: Uint8Array, { below }: Chance): { bytes: Uint8Array; what: string } | null {
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const file = Buffer.from(bytes);
  const start = file.lastIndexOf(item);
  const stop = file.lastIndexOf(end);
  if (start < 0 || stop - start < 32 || file.readUInt32LE(start + 4) !== stop - start - 8) return null;
  const kept = 2 * below((stop - start - 8) / 2);
  const header = Buffer.from(file.subarray(start, start + 8));
  header.writeUInt32LE(kept, 4);
  return {
    bytes: joined(
      file.subarray(0, start),
      header,
      file.subarray(start + 8, start + 8 + kept),
      file.subarray(stop),
    ),
    what: `the last fragment cut off after ${kept} of ${stop - start - 8} bytes`,
  };
}

function block(bytes: Uint8Array, below: Chance['below']): [from: number, to: number] {
  const from = below(Math.max(1, bytes.length));
  return [from, Math.min(bytes.length, from + 1 + below(below(4) === 0 ? 4096 : 64))];
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
