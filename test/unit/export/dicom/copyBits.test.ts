import { expect, it } from 'vitest';
import { copyBits } from '../../../../src/export/dicom/copyBits.ts';

const bitsOf = (bytes: Uint8Array, start: number, count: number): number[] =>
  Array.from(
    { length: count },
    (_, index) => ((bytes[(start + index) >>> 3] ?? 0) >>> ((start + index) & 7)) & 1,
  );

it.each([
  [0, 0, 32],
  [8, 16, 24],
  [3, 5, 17],
  [0, 7, 9],
  [11, 0, 8],
])('copies bits to %i from %i, %i of them, and no others', (to, from, count) => {
  const source = Uint8Array.from({ length: 16 }, (_, at) => (at * 89 + 41) & 255);
  const target = new Uint8Array(16);
  copyBits(target, to, source, from, count);
  expect(bitsOf(target, to, count)).toEqual(bitsOf(source, from, count));
  expect(bitsOf(target, 0, to)).toEqual(new Array(to).fill(0));
  expect(bitsOf(target, to + count, 128 - to - count)).toEqual(new Array(128 - to - count).fill(0));
});
