import { KeysliceError } from '../../../contract/errors.ts';

const MAX_CODES = 4096;
const MAX_CODE_BITS = 12;
const MAX_CODE_SIZE = 8;

/**
 * Expands the codes of one GIF picture (GIF89a, appendix F).
 * @param codeSize bits of a palette index
 * @returns exactly `length` palette indices
 * @throws KeysliceError FILE_UNREADABLE when the codes are wrong or end early
 */
export function expandLzw(codes: Uint8Array, codeSize: number, length: number): Uint8Array {
  if (codeSize < 1 || codeSize > MAX_CODE_SIZE) throw damaged(`LZW codes of ${codeSize} bits`);
  const clear = 1 << codeSize;
  const end = clear + 1;
  // A code stands for the text of its prefix and one index more.
  const prefix = new Uint16Array(MAX_CODES);
  const suffix = new Uint8Array(MAX_CODES);
  const lengths = new Uint16Array(MAX_CODES);
  for (let code = 0; code < clear; code++) {
    suffix[code] = code;
    lengths[code] = 1;
  }
  const out = new Uint8Array(length);
  let [written, next, bits, previous] = [0, end + 1, codeSize + 1, -1];
  let [buffer, held, at] = [0, 0, 0];
  while (written < length) {
    while (held < bits) {
      const byte = codes[at++];
      if (byte === undefined) throw damaged('a picture whose codes end early');
      buffer |= byte << held;
      held += 8;
    }
    const code = buffer & ((1 << bits) - 1);
    buffer >>>= bits;
    held -= bits;
    if (code === clear) {
      [next, bits, previous] = [end + 1, codeSize + 1, -1];
      continue;
    }
    if (code === end) throw damaged('a picture whose codes end early');
    if (previous < 0 ? code > end : code > next) throw damaged('a code that is not in its table');
    const isNew = previous >= 0 && code === next;
    const known = isNew ? previous : code;
    const first = firstIndex(known, prefix, lengths, suffix);
    if (previous >= 0 && next < MAX_CODES) {
      prefix[next] = previous;
      suffix[next] = first;
      lengths[next] = lengths[previous]! + 1;
      next += 1;
      if (next === 1 << bits && bits < MAX_CODE_BITS) bits += 1;
    } else if (isNew) {
      throw damaged('a code that is not in its table');
    }
    written = write(out, written, code, { prefix, suffix, lengths });
    previous = code;
  }
  return out;
}

interface Table {
  prefix: Uint16Array;
  suffix: Uint8Array;
  lengths: Uint16Array;
}

function firstIndex(code: number, prefix: Uint16Array, lengths: Uint16Array, suffix: Uint8Array): number {
  let at = code;
  while (lengths[at]! > 1) at = prefix[at]!;
  return suffix[at]!;
}

/** Writes the text of a code from its end; what is beyond the picture is dropped. */
function write(out: Uint8Array, from: number, code: number, { prefix, suffix, lengths }: Table): number {
  const count = lengths[code]!;
  for (let place = from + count - 1, at = code; place >= from; place--) {
    if (place < out.length) out[place] = suffix[at]!;
    at = prefix[at]!;
  }
  return from + count;
}

const damaged = (what: string): KeysliceError =>
  new KeysliceError('FILE_UNREADABLE', { reason: `the GIF has ${what}` });
