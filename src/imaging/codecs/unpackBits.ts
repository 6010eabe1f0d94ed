/** One sample per bit, the first in the least significant bit (PS3.5 8.1.1); one byte 0 or 1 each. */
export function unpackBits(bytes: Uint8Array, count: number): Uint8Array {
  const samples = new Uint8Array(count);
  for (let i = 0; i < count; i++) samples[i] = (bytes[i >> 3]! >> (i & 7)) & 1;
  return samples;
}

/** Bytes whose first bit is bit `offset` of `bytes`: frames of 1 bit are packed without padding between them. */
export function dropLeadingBits(bytes: Uint8Array, offset: number): Uint8Array {
  if (offset === 0) return bytes;
  const first = offset >> 3;
  const shift = offset & 7;
  const result = new Uint8Array(bytes.length - first);
  for (let i = 0; i < result.length; i++) {
    const next = bytes[first + i + 1] ?? 0;
    result[i] = (bytes[first + i]! >> shift) | (next << (8 - shift));
  }
  return result;
}
