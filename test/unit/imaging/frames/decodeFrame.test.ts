import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import type { PixelFormat } from '../../../../src/contract/series.ts';
import { decodeFrame } from '../../../../src/imaging/frames/decodeFrame.ts';
import { arrayBytes } from '../../../fixtures/dicomFile.ts';
import { encodeJpegLs, encodeRle } from '../codecs/encoders.ts';
import { frameRecord } from './frameRecord.ts';

const decode = (values: ArrayBufferView, pixel: Partial<PixelFormat>) =>
  decodeFrame(frameRecord({ rows: 1, columns: 4, ...pixel }), arrayBytes(values, true));

describe('stored values', () => {
  it('extends the sign from the high bit', async () => {
    const frame = await decode(Uint16Array.of(0x0fff, 0x0800, 0x07ff, 0), { bitsStored: 12, signed: true });
    expect(frame).toMatchObject({ dtype: 'int16', min: -2048, max: 2047, warnings: [] });
    expect([...frame.values]).toEqual([-1, -2048, 2047, 0]);
  });

  it('leaves bits above the stored ones out and says so', async () => {
    const frame = await decode(Uint16Array.of(0x1fff, 0x8001, 0x07ff, 0), { bitsStored: 12 });
    expect([...frame.values]).toEqual([0xfff, 1, 0x7ff, 0]);
    expect(frame.warnings.map((each) => each.code)).toEqual(['HEADER_QUESTIONABLE']);
  });

  it('shifts values whose high bit is not the last of the stored bits', async () => {
    const frame = await decode(Uint16Array.of(0xfff0, 0x0010, 0x8000, 0), { bitsStored: 12, highBit: 15 });
    expect([...frame.values]).toEqual([0xfff, 1, 0x800, 0]);
  });

  it('keeps 32-bit values that fill their word', async () => {
    const values = Uint32Array.of(0xffffffff, 0x80000000, 1, 0);
    expect((await decode(values, { bitsAllocated: 32 })).values).toEqual(values);
  });

  it('takes 32-bit words with an odd high bit apart, and warns of set bits alone', async () => {
    const word = { bitsAllocated: 32, bitsStored: 24 } as const;
    const top = await decode(Uint32Array.of(0xffffff00, 0x80000000, 0x100, 0), { ...word, highBit: 31 });
    expect([...top.values]).toEqual([0xffffff, 0x800000, 1, 0]);
    expect(top.warnings).toEqual([]);
    const signed = { ...word, highBit: 23, signed: true };
    const low = await decode(Int32Array.of(-1, -(2 ** 23), 7, 0), signed);
    expect([...low.values]).toEqual([-1, -(2 ** 23), 7, 0]);
    expect(low.warnings).toEqual([]);
    const set = await decode(Uint32Array.of(0x01000001, 0, 0, 0), { ...word, highBit: 23 });
    expect([...set.values]).toEqual([1, 0, 0, 0]);
    expect(set.warnings.length).toBe(1);
  });

  it('gives compressed values the sign of the header', async () => {
    const samples = Uint16Array.of(0x0fff, 0x0800, 0x07ff, 0);
    const bytes = await encodeJpegLs({ rows: 1, columns: 4, bits: 12, samples });
    const record = frameRecord({ rows: 1, columns: 4, bitsStored: 12, signed: true });
    const source = { ...record.source, encapsulated: true, transferSyntax: '1.2.840.10008.1.2.4.80' };
    const frame = await decodeFrame({ ...record, source }, bytes);
    expect([...frame.values]).toEqual([-1, -2048, 2047, 0]);
  });

  it('leaves padding and what is not finite out of the range', async () => {
    const padded = await decode(Int16Array.of(-2000, -1999, 5, 9), {
      signed: true,
      padding: { from: -2000, to: -1999 },
    });
    expect(padded).toMatchObject({ min: 5, max: 9 });
    const float = await decode(Float32Array.of(NaN, Infinity, 0.5, -0.5), {
      bitsAllocated: 32,
      number: 'float',
    });
    expect(float).toMatchObject({ min: -0.5, max: 0.5, dtype: 'float32' });
    const empty = await decode(Int16Array.of(7, 7, 7, 7), { signed: true, padding: { from: 7, to: 7 } });
    expect(empty).toMatchObject({ min: 0, max: 0 });
  });

  it('marks MONOCHROME1 and leaves its values alone', async () => {
    const frame = await decode(Uint16Array.of(1, 2, 3, 4), { photometric: 'MONOCHROME1' });
    expect(frame).toMatchObject({ inverted: true, samples: 1 });
    expect([...frame.values]).toEqual([1, 2, 3, 4]);
  });

  it('reads a 1-bit frame that starts within a byte', async () => {
    const record = frameRecord({ rows: 2, columns: 3, bitsAllocated: 1, bitsStored: 1, highBit: 0 });
    const source = { ...record.source, bitOffset: 6 };
    const frame = await decodeFrame({ ...record, source }, Uint8Array.of(0b0111_1111, 0b1111_1010));
    expect([...frame.values]).toEqual([1, 0, 0, 1, 0, 1]);
    expect(frame.dtype).toBe('uint8');
  });
});

describe('colour', () => {
  const pixels = [
    [255, 0, 0],
    [0, 255, 0],
    [12, 34, 56],
    [255, 255, 255],
  ];
  const rgb = Uint8Array.from(pixels.flat());
  const planar = Uint8Array.from([0, 1, 2].flatMap((c) => pixels.map((pixel) => pixel[c] ?? 0)));
  const header = { samplesPerPixel: 3, bitsAllocated: 8 } as const;

  it('takes RGB by pixel and by plane', async () => {
    expect((await decode(rgb, header)).values).toEqual(rgb);
    const byPlane = await decode(planar, { ...header, planarConfiguration: 1 });
    expect(byPlane).toMatchObject({ samples: 3, values: rgb });
  });

  it('takes RLE by plane whatever the planar configuration says', async () => {
    const planes = [0, 4, 8].map((at) => planar.subarray(at, at + 4));
    const record = frameRecord({ rows: 1, columns: 4, ...header });
    const source = { ...record.source, encapsulated: true, transferSyntax: '1.2.840.10008.1.2.5' };
    expect((await decodeFrame({ ...record, source }, encodeRle(planes))).values).toEqual(rgb);
  });

  it('turns YBR_FULL into RGB', async () => {
    // PS3.3 C.7.6.3.1.2, forward: the published equation, not the code's inverse.
    const ybr = pixels.flatMap(([r = 0, g = 0, b = 0]) => [
      Math.round(0.299 * r + 0.587 * g + 0.114 * b),
      Math.min(255, Math.round(-0.1687 * r - 0.3313 * g + 0.5 * b + 128)),
      Math.min(255, Math.round(0.5 * r - 0.4187 * g - 0.0813 * b + 128)),
    ]);
    const { values } = await decode(Uint8Array.from(ybr), { ...header, photometric: 'YBR_FULL' });
    expect(Math.max(...rgb.map((level, i) => Math.abs(level - (values[i] ?? NaN))))).toBeLessThanOrEqual(2);
  });

  it('turns the narrow range of YBR_PARTIAL_422 into RGB', async () => {
    const bytes = Uint8Array.of(16, 235, 128, 128, 126, 16, 128, 128);
    const { values } = await decode(bytes, { ...header, photometric: 'YBR_PARTIAL_422' });
    expect([...values]).toEqual([0, 0, 0, 255, 255, 255, 128, 128, 128, 0, 0, 0]);
  });

  it('keeps RGB of 16 bits in its type and drops alpha', async () => {
    const wide = Uint16Array.from(rgb, (value) => value * 257);
    expect((await decode(wide, { ...header, bitsAllocated: 16 })).values).toEqual(wide);
    const rgba = Uint8Array.from(pixels.flatMap((pixel) => [...pixel, 99]));
    expect((await decode(rgba, { ...header, samplesPerPixel: 4, photometric: 'RGB' })).values).toEqual(rgb);
  });

  it('applies a palette, its ends to what lies outside', async () => {
    const entries = (step: number) => Uint16Array.from({ length: 3 }, (_, i) => (i + 1) * step * 256);
    const palette = { first: 10, bits: 16, red: entries(1), green: entries(2), blue: entries(3) } as const;
    const indices = Uint8Array.of(0, 10, 12, 200);
    const frame = await decode(indices, { bitsAllocated: 8, photometric: 'PALETTE COLOR', palette });
    expect([...frame.values]).toEqual([1, 2, 3, 1, 2, 3, 3, 6, 9, 3, 6, 9]);
    expect(frame).toMatchObject({ samples: 3, dtype: 'uint8' });
  });
});

describe('refusals', () => {
  const refused = async (pixel: Partial<PixelFormat>, bytes = new Uint8Array(8)): Promise<KeysliceError> => {
    const record = frameRecord({ rows: 1, columns: 4, ...pixel });
    const source = { ...record.source, indexInFile: 7 };
    const thrown: unknown = await decodeFrame({ ...record, source }, bytes).catch((error: unknown) => error);
    if (!(thrown instanceof KeysliceError)) throw new Error('nothing was refused');
    return thrown;
  };

  it('names the frame and the path', async () => {
    const error = await refused({}, new Uint8Array(7));
    expect(error.report()).toMatchObject({ code: 'FRAME_FAILED', path: 'frame.dcm', facts: { frame: 7 } });
    expect(error.message).toContain('Frame 7');
  });

  it.each([
    ['a palette image without a palette', { photometric: 'PALETTE COLOR' }, 'HEADER_INCONSISTENT'],
    ['a size that no slice has', { rows: 46341, columns: 46341 }, 'LIMIT_EXCEEDED'],
    ['no rows', { rows: 0 }, 'HEADER_INCONSISTENT'],
    [
      'unknown colour',
      { samplesPerPixel: 3, bitsAllocated: 8, photometric: 'HSV', columns: 2 },
      'FRAME_FAILED',
    ],
  ] as const)('refuses %s', async (_name, pixel, code) => {
    expect((await refused(pixel)).code).toBe(code);
  });
});
