import { describe, expect, it } from 'vitest';
import { decodeJpegLossless } from '../../../../src/imaging/codecs/jpegLossless.ts';
import { encodeJpegLossless } from './encoders.ts';
import { pixelFormat } from './pixelFormat.ts';

const ROWS = 19;
const COLUMNS = 23;

/** Every level of 16 bits may follow every other: differences of all sizes, the wrapped one of 32768 included. */
const wild = Uint16Array.from({ length: ROWS * COLUMNS }, (_, i) => (i * i * 2654435761) % 65536);
wild.set([0, 32768, 0, 65535, 32767]);
const image = { rows: ROWS, columns: COLUMNS, bits: 16, samples: wild };
const format = pixelFormat({ rows: ROWS, columns: COLUMNS });

describe.each([1, 2, 3, 4, 5, 6, 7])('predictor %i', (predictor) => {
  it('gives the samples back', () => {
    expect(decodeJpegLossless(encodeJpegLossless(image, predictor), format).samples).toEqual(wild);
  });

  it('starts anew at restart markers', () => {
    expect(decodeJpegLossless(encodeJpegLossless(image, predictor, 4), format).samples).toEqual(wild);
  });
});

it('gives colour of 8 bits by pixel', () => {
  const samples = Uint8Array.from({ length: ROWS * COLUMNS * 3 }, (_, i) => (i * 37) % 256);
  const stream = encodeJpegLossless({ rows: ROWS, columns: COLUMNS, bits: 8, components: 3, samples }, 1);
  const header = pixelFormat({ rows: ROWS, columns: COLUMNS, samplesPerPixel: 3, bitsAllocated: 8 });
  expect(decodeJpegLossless(stream, header)).toMatchObject({ layout: 'interleaved', components: 3, samples });
});

it.each([0.3, 0.6, 0.95])('refuses a stream of which only %d is there', (share) => {
  const stream = encodeJpegLossless(image, 1);
  expect(() => decodeJpegLossless(stream.subarray(0, stream.length * share), format)).toThrow(
    /ends too early/,
  );
});

it('refuses a stream without one of its restart markers', () => {
  const stream = encodeJpegLossless(image, 1, 4);
  const marker = Buffer.from(stream).indexOf(Uint8Array.of(0xff, 0xd1));
  const without = Uint8Array.from([...stream.subarray(0, marker), ...stream.subarray(marker + 2)]);
  expect(() => decodeJpegLossless(without, format)).toThrow(/FRAME|could not be decoded/);
});
