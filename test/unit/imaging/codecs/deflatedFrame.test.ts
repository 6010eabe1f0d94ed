import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { codecFor } from '../../../../src/imaging/codecs/codecFor.ts';
import { decodeDeflatedFrame } from '../../../../src/imaging/codecs/deflatedFrame.ts';
import { pixelFormat } from './pixelFormat.ts';

const values = Uint16Array.from({ length: 12 }, (_, i) => i * 4999);
const native = new Uint8Array(values.buffer);

describe('a deflated frame', () => {
  it('is inflated, and a pad byte behind it is no part of it', () => {
    const padded = Uint8Array.from([...deflateRawSync(native), 0]);
    expect(decodeDeflatedFrame(padded, pixelFormat()).samples).toEqual(values);
  });

  it('may hold packed bits', () => {
    const bits = decodeDeflatedFrame(
      deflateRawSync(Uint8Array.of(0b10100101, 0b1111)),
      pixelFormat({ bitsAllocated: 1 }),
    );
    expect([...bits.samples]).toEqual([1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1]);
  });

  it.each([
    [
      'that is cut off',
      deflateRawSync(Uint8Array.from(native, (byte, i) => byte ^ (i * 37))).subarray(0, 12),
    ],
    ['of no deflated bytes', Uint8Array.of(0xff, 0xff, 0xff)],
    ['that inflates to less', deflateRawSync(native.subarray(0, 20))],
    ['that inflates to more', deflateRawSync(new Uint8Array(1e6))],
  ])('%s is refused', (_, bytes) => {
    expect(() => decodeDeflatedFrame(bytes, pixelFormat())).toThrow(/could not be decoded/);
  });
});

it('frames of encapsulated uncompressed pixel data are native pixels', async () => {
  const decoded = await codecFor('1.2.840.10008.1.2.1.98')(native.slice(), pixelFormat());
  expect(decoded.samples).toEqual(values);
});
