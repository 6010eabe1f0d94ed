import { describe, expect, it } from 'vitest';
import { decodeJpegBaseline } from '../../../../src/imaging/codecs/jpegBaseline.ts';
import { decodeJpegExtended } from '../../../../src/imaging/codecs/jpegExtended.ts';
import { encodeJpegDct } from './encodeJpegDct.ts';
import { CHROMA, encodeJpeg } from './encoders.ts';
import type { ImageToEncode } from './encoders.ts';
import { pixelFormat } from './pixelFormat.ts';

/** No multiple of 8 or 16: the last blocks are cut. */
const ROWS = 45;
const COLUMNS = 61;

/** Waves over the whole range of `bits`, whose chroma changes slowly, with a little noise on top. */
function pictured(bits: number, components: number, noise = 1): number[] {
  const max = 2 ** bits - 1;
  return Array.from({ length: ROWS * COLUMNS * components }, (_, i) => {
    const x = Math.floor(i / components) % COLUMNS;
    const y = Math.floor(i / components / COLUMNS);
    const wave = (1 + Math.sin(x / 11 + (i % components)) * Math.cos(y / 9)) / 2;
    return Math.min(max, Math.max(0, Math.round(wave * max) + (((i * 7919) % 3) - 1) * noise));
  });
}

const grey12: ImageToEncode = {
  rows: ROWS,
  columns: COLUMNS,
  bits: 12,
  samples: Uint16Array.from(pictured(12, 1)),
};
const color12: ImageToEncode = { ...grey12, components: 3, samples: Uint16Array.from(pictured(12, 3, 0)) };
const grey8: ImageToEncode = { ...grey12, bits: 8, samples: Uint8Array.from(pictured(8, 1)) };
const color8: ImageToEncode = { ...color12, bits: 8, samples: Uint8Array.from(pictured(8, 3, 0)) };

const formatOf = (image: ImageToEncode, bitsStored = image.bits) =>
  pixelFormat({
    rows: ROWS,
    columns: COLUMNS,
    samplesPerPixel: image.components === 3 ? 3 : 1,
    bitsAllocated: image.bits > 8 ? 16 : 8,
    bitsStored,
  });

const gap = (ours: ArrayLike<number>, theirs: ArrayLike<number>): number =>
  ours.length === theirs.length
    ? Array.from(theirs).reduce((most, value, i) => Math.max(most, Math.abs(value - (ours[i] ?? NaN))), 0)
    : Infinity;

describe('12 bits', () => {
  it.each([0, 1, 3, 8])('grey comes back, with %i MCUs between restart markers', (restartInterval) => {
    const decoded = decodeJpegExtended(encodeJpegDct(grey12, { restartInterval }), formatOf(grey12));
    expect(decoded).toMatchObject({ bits: 12, components: 1, signed: false, warnings: [] });
    expect(gap(decoded.samples, pictured(12, 1))).toBeLessThanOrEqual(2);
  });

  // Levels change by up to 2048 / 9 from pixel to pixel: at the edge, chroma may be wrong by half a pixel.
  it.each([
    [1, 1, 2],
    [2, 1, 114],
    [2, 2, 114],
    [1, 2, 114],
    [4, 1, 300],
  ])('colour comes back, sampled %i × %i', (horizontal, vertical, atMost) => {
    const stream = encodeJpegDct(color12, { sampling: [horizontal, vertical] });
    const decoded = decodeJpegExtended(stream, formatOf(color12));
    expect(decoded).toMatchObject({ components: 3, layout: 'interleaved', color: 'rgb' });
    expect(gap(decoded.samples, pictured(12, 3, 0))).toBeLessThanOrEqual(atMost);
  });

  it('what overshoots the stored bits is the highest level, not the lowest', () => {
    const edge = Uint16Array.from({ length: ROWS * COLUMNS }, (_, i) => (i % COLUMNS < 29 ? 1023 : 0));
    const stream = encodeJpegDct({ ...grey12, samples: edge }, { step: 90 });
    const whole = decodeJpegExtended(stream, formatOf(grey12)).samples;
    const stored = decodeJpegExtended(stream, formatOf(grey12, 10)).samples;
    expect(Math.max(...whole)).toBeGreaterThan(1023);
    expect(Math.max(...stored)).toBe(1023);
    expect(
      gap(
        stored,
        Array.from(whole, (value) => Math.min(value, 1023)),
      ),
    ).toBe(0);
  });
});

describe('8 bits, beside libjpeg-turbo', () => {
  it.each([
    ['grey', grey8, { progressive: false }, 0],
    ['progressive grey', grey8, { progressive: true }, 0],
    ['colour', color8, { progressive: false }, 1],
    ['progressive colour', color8, { progressive: true }, 1],
    ['colour of half width', color8, { subSampling: CHROMA.halfWidth }, 3],
    [
      'progressive colour of half width and height',
      color8,
      { progressive: true, subSampling: CHROMA.quarter },
      3,
    ],
  ])('%s', async (_, image, options, atMost) => {
    const stream = await encodeJpeg(image, 85, options);
    const turbo = await decodeJpegBaseline(stream.slice(), formatOf(image));
    const ours = decodeJpegExtended(stream, formatOf(image));
    expect(gap(ours.samples, turbo.samples)).toBeLessThanOrEqual(atMost);
  });
});

describe('what it refuses', () => {
  const stream = encodeJpegDct(grey12, { restartInterval: 8 });

  it.each([0.25, 0.5, 0.75, 0.95])('a stream of which only %d is there, with the row', (share) => {
    const cut = stream.subarray(0, Math.floor(stream.length * share));
    expect(() => decodeJpegExtended(cut, formatOf(grey12))).toThrow(/in row \d+ of 45/);
  });

  it('a progressive stream without its last scans', async () => {
    const whole = await encodeJpeg(grey8, 85, { progressive: true });
    const lastScan = Buffer.from(whole).lastIndexOf(Uint8Array.of(0xff, 0xc4));
    const cut = Uint8Array.from([...whole.subarray(0, lastScan), 0xff, 0xd9]);
    expect(() => decodeJpegExtended(cut, formatOf(grey8))).toThrow(/before its last scan/);
  });

  it('restart markers out of their order', () => {
    const second = Buffer.from(stream).indexOf(Uint8Array.of(0xff, 0xd1));
    const swapped = stream.slice();
    swapped[second + 1] = 0xd2;
    expect(() => decodeJpegExtended(swapped, formatOf(grey12))).toThrow(/restart marker is missing/);
  });

  it('data that go on after the image', () => {
    const more = Uint8Array.from([...stream.subarray(0, -2), 1, 2, 3, 4, 0xff, 0xd9]);
    expect(() => decodeJpegExtended(more, formatOf(grey12))).toThrow(/go on after the last of 45 rows/);
  });

  it('an image that its bytes cannot hold, before memory is asked for', () => {
    const huge = stream.slice();
    huge.set([0xff, 0xff, 0xff, 0xff], Buffer.from(stream).indexOf(Uint8Array.of(0xff, 0xc1)) + 5);
    const format = { ...formatOf(grey12), rows: 65535, columns: 65535 };
    expect(() => decodeJpegExtended(huge, format)).toThrow(/too few for \d+ blocks/);
  });

  it('a header of another size', () => {
    expect(() => decodeJpegExtended(stream, { ...formatOf(grey12), rows: 44 })).toThrow(/45 rows/);
  });
});
