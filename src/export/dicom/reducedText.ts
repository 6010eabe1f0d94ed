const MAX_LO_BYTES = 64;
const MAX_ST_BYTES = 1024;
/** Character sets of one byte per character without code extensions (PS3.3 C.12.1.1.2). */
const SINGLE_BYTE = /^(ISO_IR (6|13|100|101|109|110|126|127|138|144|148|149|166|203))?$/;

/**
 * Series Description of the reduced series: the source's own bytes, as many as fit, and what was kept. LO holds
 * 64 characters; bytes are counted, which is never more than that allows.
 *
 * @param source value of the source as stored, in its character set
 * @param characterSet Specific Character Set (0008,0005) as stored; empty: the default repertoire
 */
export function reducedDescription(
  source: Uint8Array,
  characterSet: string,
  kept: number,
  total: number,
): Uint8Array {
  const own = trimmed(source);
  const suffix = Buffer.from(`[reduced ${kept} of ${total}]`, 'ascii');
  const room = MAX_LO_BYTES - suffix.length - 1;
  const head = trimmed(cutText(own, characterSet, room));
  return head.length === 0 ? suffix : Buffer.concat([head, Buffer.from(' '), suffix]);
}

/** Derivation Description: our sentence, then the source's own where both fit into the 1024 characters of ST. */
export function derivationText(sentence: string, source: Uint8Array): Uint8Array {
  const ours = Buffer.from(
    sentence.length <= MAX_ST_BYTES ? sentence : `${sentence.slice(0, MAX_ST_BYTES - 3)}...`,
    'ascii',
  );
  const own = trimmed(source);
  const both = Buffer.concat([ours, Buffer.from('; before: '), own]);
  return own.length === 0 || both.length > MAX_ST_BYTES ? ours : both;
}

/** Frame numbers as people write them, from 1: `1-3, 7`. */
export function numberRanges(numbers: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = runs[runs.length - 1];
    if (last?.to === number - 1) last.to = number;
    else runs.push({ from: number, to: number });
  }
  return runs.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

/** At most `room` bytes, cut between characters; nothing where the character set does not let us see where. */
function cutText(bytes: Uint8Array, characterSet: string, room: number): Uint8Array {
  if (bytes.length <= room) return bytes;
  if (SINGLE_BYTE.test(characterSet)) return bytes.subarray(0, room);
  if (characterSet !== 'ISO_IR 192') return new Uint8Array();
  let end = room;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end);
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end -= 1;
  return bytes.subarray(0, end);
}
