import { describe, expect, it } from 'vitest';
import { decodeRle } from '../../../../src/imaging/codecs/rle.ts';
import { encodeRle } from './encoders.ts';
import { pixelFormat } from './pixelFormat.ts';

const values = Uint16Array.from({ length: 12 }, (_, i) => (i < 5 ? 0x1234 : i * 4999));
const high = Uint8Array.from(values, (value) => value >> 8);
const low = Uint8Array.from(values, (value) => value & 255);

describe('decodeRle', () => {
  it('puts the most significant byte first', () => {
    expect(decodeRle(encodeRle([high, low]), pixelFormat()).samples).toEqual(values);
  });

  it('gives colour by plane', () => {
    const planes = [0, 1, 2].map((c) => Uint8Array.from({ length: 12 }, (_, i) => i * 7 + c));
    const header = pixelFormat({ samplesPerPixel: 3, bitsAllocated: 8 });
    const decoded = decodeRle(encodeRle(planes), header);
    expect(decoded.layout).toBe('planar');
    expect(decoded.samples).toEqual(Uint8Array.from(planes.flatMap((plane) => [...plane])));
  });

  it('reads literal runs and ignores the control byte 128', () => {
    const header = encodeRle([new Uint8Array(1)]).subarray(0, 64);
    const body = Uint8Array.of(128, 3, 9, 8, 7, 6, 256 - 7, 5);
    const format = pixelFormat({ bitsAllocated: 8 });
    const stream = Buffer.concat([header, body]);
    expect([...decodeRle(stream, format).samples]).toEqual([9, 8, 7, 6, 5, 5, 5, 5, 5, 5, 5, 5]);
  });

  it.each([
    ['a missing segment', () => encodeRle([high]), /1 segments, 2 are needed/],
    ['a segment that is too short', () => encodeRle([high, low.subarray(0, 4)]), /ends after 4 of 12 bytes/],
    ['an incomplete header', () => encodeRle([high, low]).subarray(0, 40), /header is incomplete/],
    ['no segments', () => new Uint8Array(64), /0 segments/],
  ])('refuses %s', (_name, stream, reason) => {
    expect(() => decodeRle(stream(), pixelFormat())).toThrow(reason);
  });

  it('refuses an offset outside the frame', () => {
    const stream = encodeRle([high, low]);
    new DataView(stream.buffer, stream.byteOffset).setUint32(8, 5000, true);
    expect(() => decodeRle(stream, pixelFormat())).toThrow(/lies outside the frame/);
  });

  it('allocates nothing for an image that the data cannot fill', () => {
    const huge = pixelFormat({ rows: 65535, columns: 65535 });
    expect(() => decodeRle(encodeRle([high, low]), huge)).toThrow(/ends too early/);
  });
});
