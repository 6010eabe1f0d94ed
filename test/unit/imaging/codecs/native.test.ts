import { describe, expect, it } from 'vitest';
import { decodeNative } from '../../../../src/imaging/codecs/native.ts';
import { dropLeadingBits } from '../../../../src/imaging/codecs/unpackBits.ts';
import { arrayBytes } from '../../../fixtures/dicomFile.ts';
import { pixelFormat } from './pixelFormat.ts';

const numbers = [0, 1, 2, 3, 100, 127, 7, 8, 9, 10, 11, 12];
const signedNumbers = numbers.map((value, index) => (index % 2 === 0 ? -value : value));

const types = [
  { values: Uint8Array.from(numbers), bitsAllocated: 8, signed: false, number: 'integer' },
  { values: Int8Array.from(signedNumbers), bitsAllocated: 8, signed: true, number: 'integer' },
  { values: Uint16Array.from(numbers, (n) => n * 500), bitsAllocated: 16, signed: false, number: 'integer' },
  {
    values: Int16Array.from(signedNumbers, (n) => n * 250),
    bitsAllocated: 16,
    signed: true,
    number: 'integer',
  },
  { values: Uint32Array.from(numbers, (n) => n * 3e7), bitsAllocated: 32, signed: false, number: 'integer' },
  {
    values: Int32Array.from(signedNumbers, (n) => n * 1e7),
    bitsAllocated: 32,
    signed: true,
    number: 'integer',
  },
  { values: Float32Array.from(numbers, (n) => n / 7), bitsAllocated: 32, signed: true, number: 'float' },
  { values: Float64Array.from(numbers, (n) => n / 7), bitsAllocated: 64, signed: true, number: 'float' },
] as const;

describe.each([true, false])('little endian: %s', (littleEndian) => {
  it.each(types)('reads $number of $bitsAllocated bits, signed $signed', ({ values, ...header }) => {
    const bytes = arrayBytes(values, littleEndian);
    expect(decodeNative(bytes, pixelFormat({ ...header, littleEndian })).samples).toEqual(values);
  });

  it('reads 64-bit integers as float64', () => {
    const values = BigInt64Array.from(signedNumbers, (value) => BigInt(value) * 1_000_000_000n);
    const bytes = Buffer.from(Buffer.from(values.buffer));
    if (!littleEndian) bytes.swap64();
    const header = pixelFormat({ bitsAllocated: 64, signed: true, littleEndian });
    const decoded = decodeNative(bytes, header);
    expect(decoded.samples).toEqual(Float64Array.from(signedNumbers, (value) => value * 1e9 + 0));
    expect(decoded.warnings).toEqual([]);
  });

  it('gives the magnitude of complex numbers', () => {
    const parts = Float32Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 3 : 4) * (i >> 1));
    const header = pixelFormat({ bitsAllocated: 64, number: 'complex', littleEndian });
    const { samples } = decodeNative(arrayBytes(parts, littleEndian), header);
    expect(samples).toEqual(Float32Array.from({ length: 12 }, (_, i) => 5 * i));
  });
});

it('warns when 64-bit integers do not fit', () => {
  const bytes = Buffer.from(BigUint64Array.from({ length: 12 }, () => 2n ** 60n + 1n).buffer);
  const decoded = decodeNative(bytes, pixelFormat({ bitsAllocated: 64 }));
  expect(decoded.warnings.map((each) => each.code)).toEqual(['VALUES_ROUNDED']);
});

it('unpacks bits from the least significant on', () => {
  const header = pixelFormat({ bitsAllocated: 1, bitsStored: 1, highBit: 0 });
  const { samples } = decodeNative(Uint8Array.of(0b1010_0001, 0b0000_1001), header);
  expect([...samples]).toEqual([1, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1]);
});

it('starts between two bytes where the frame before ended there', () => {
  expect([...dropLeadingBits(Uint8Array.of(0b1111_0000, 0b1010_1010, 1), 12)]).toEqual([0b0001_1010, 0]);
});

it('shares chroma between the two pixels of YBR_FULL_422', () => {
  const header = pixelFormat({ rows: 1, samplesPerPixel: 3, bitsAllocated: 8, photometric: 'YBR_FULL_422' });
  const { samples } = decodeNative(Uint8Array.of(10, 11, 1, 2, 12, 13, 3, 4), header);
  expect([...samples]).toEqual([10, 1, 2, 11, 1, 2, 12, 3, 4, 13, 3, 4]);
});

it('takes YBR_FULL_422 that is stored in full as it is', () => {
  const header = pixelFormat({ rows: 1, samplesPerPixel: 3, bitsAllocated: 8, photometric: 'YBR_FULL_422' });
  const bytes = Uint8Array.from(numbers);
  expect(decodeNative(bytes, header).samples).toEqual(bytes);
});

it('refuses fewer bytes than the image needs and drops padding after it', () => {
  const bytes = new Uint8Array(24);
  expect(() => decodeNative(bytes.subarray(1), pixelFormat())).toThrow(/24 bytes are needed, 23 are there/);
  expect(decodeNative(new Uint8Array(26), pixelFormat()).samples.length).toBe(12);
});

it('swaps bytes that are stored in big-endian words, and refuses half a word', () => {
  const header = pixelFormat({ rows: 1, bitsAllocated: 8, swappedBytes: true });
  expect([...decodeNative(Uint8Array.of(2, 1, 4, 3), header).samples]).toEqual([1, 2, 3, 4]);
  expect(() => decodeNative(Uint8Array.of(2, 1, 4), { ...header, columns: 3 })).toThrow(
    /odd number of bytes/,
  );
});
