/**
 * Copies `count` bits; bit 0 of a stream is the lowest bit of its first byte (PS3.5 section 8.1.1). The target's
 * bits must be zero.
 */
export function copyBits(
  target: Uint8Array,
  targetBit: number,
  source: Uint8Array,
  sourceBit: number,
  count: number,
): void {
  if (targetBit % 8 === 0 && sourceBit % 8 === 0 && count % 8 === 0) {
    target.set(source.subarray(sourceBit / 8, (sourceBit + count) / 8), targetBit / 8);
    return;
  }
  for (let index = 0; index < count; index += 1) {
    const from = sourceBit + index;
    if (((source[from >>> 3] ?? 0) >>> (from & 7)) & 1) {
      const to = targetBit + index;
      target[to >>> 3] = (target[to >>> 3] ?? 0) | (1 << (to & 7));
    }
  }
}
