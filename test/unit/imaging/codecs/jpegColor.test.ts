import { describe, expect, it } from 'vitest';
import { decodeJpegBaseline } from '../../../../src/imaging/codecs/jpegBaseline.ts';
import { encodeJpeg } from './encoders.ts';
import { pixelFormat } from './pixelFormat.ts';

const SIZE = 16;
/** One saturated colour: wrong handling of its colour space cannot stay within a few levels. */
const RED = [220, 30, 60];
/** The same in YCbCr (PS3.3 C.7.6.3.1.2), rounded. */
const RED_YCBCR = [90, 111, 221];

const jfif = encodeJpeg({
  rows: SIZE,
  columns: SIZE,
  bits: 8,
  components: 3,
  samples: Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => RED[i % 3] ?? 0),
});

type Change = (stream: Buffer) => Buffer;

/** Without its JFIF marker. */
const unmarked: Change = (stream) => {
  const at = stream.indexOf(Uint8Array.of(0xff, 0xe0));
  return Buffer.concat([stream.subarray(0, at), stream.subarray(at + 2 + stream.readUInt16BE(at + 2))]);
};

const adobe =
  (transform: number): Change =>
  (stream) => {
    const marker = Buffer.from([0xff, 0xee, 0, 14, ...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]);
    const rest = unmarked(stream);
    return Buffer.concat([rest.subarray(0, 2), marker, rest.subarray(2)]);
  };

/** Other component ids in frame and scan header. */
const ids =
  (names: readonly number[]): Change =>
  (stream) => {
    const result = unmarked(stream);
    const frame = result.indexOf(Uint8Array.of(0xff, 0xc0)) + 10;
    const scan = result.indexOf(Uint8Array.of(0xff, 0xda)) + 5;
    names.forEach((name, index) => {
      result[frame + 3 * index] = name;
      result[scan + 2 * index] = name;
    });
    return result;
  };

const cases: { name: string; change: Change; photometric: string; pixel: number[]; warns: boolean }[] = [
  { name: 'JFIF', change: (s) => s, photometric: 'YBR_FULL_422', pixel: RED, warns: false },
  { name: 'JFIF', change: (s) => s, photometric: 'RGB', pixel: RED, warns: true },
  { name: 'Adobe YCbCr', change: adobe(1), photometric: 'YBR_FULL', pixel: RED, warns: false },
  { name: 'Adobe YCbCr', change: adobe(1), photometric: 'RGB', pixel: RED, warns: true },
  { name: 'Adobe RGB', change: adobe(0), photometric: 'RGB', pixel: RED_YCBCR, warns: false },
  { name: 'Adobe RGB', change: adobe(0), photometric: 'YBR_FULL', pixel: RED_YCBCR, warns: true },
  { name: 'ids R G B', change: ids([82, 71, 66]), photometric: 'YBR_FULL', pixel: RED_YCBCR, warns: true },
  { name: 'ids 1 2 3', change: ids([1, 2, 3]), photometric: 'RGB', pixel: RED, warns: true },
];

describe('colour of JPEG streams', () => {
  it.each(cases)('$name, header $photometric', async ({ change, photometric, pixel, warns }) => {
    const header = pixelFormat({
      rows: SIZE,
      columns: SIZE,
      samplesPerPixel: 3,
      bitsAllocated: 8,
      photometric,
    });
    const { samples, color, warnings } = await decodeJpegBaseline(change(Buffer.from(await jfif)), header);
    expect(color).toBe('rgb');
    for (let i = 0; i < samples.length; i++) {
      expect(Math.abs((samples[i] ?? NaN) - (pixel[i % 3] ?? NaN))).toBeLessThanOrEqual(2);
    }
    expect(warnings.map((each) => each.code)).toEqual(warns ? ['COLOR_MARKING'] : []);
  });
});
