import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import type { PixelFormat } from '../../../../src/contract/series.ts';
import { codecFor } from '../../../../src/imaging/codecs/codecFor.ts';
import type { Decoded } from '../../../../src/imaging/codecs/codec.ts';
import { encodeHtj2k, encodeJpeg, encodeJpeg2000, encodeJpegLs } from './encoders.ts';
import type { ImageToEncode } from './encoders.ts';
import { pixelFormat } from './pixelFormat.ts';

const ROWS = 37;
const COLUMNS = 53;

const UID = {
  jpeg: '1.2.840.10008.1.2.4.50',
  jpegLs: '1.2.840.10008.1.2.4.80',
  jpeg2000: '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
};

/** A smooth ramp with some structure, all of `bits` used. */
function ramp(bits: number, components: number, from = 0): number[] {
  return Array.from({ length: ROWS * COLUMNS * components }, (_, i) => {
    const x = Math.floor(i / components) % COLUMNS;
    const y = Math.floor(i / components / COLUMNS);
    const wave = Math.abs(Math.sin(x / 9 + (i % components)) * Math.cos(y / 7));
    return from + Math.round(wave * (2 ** bits - 1));
  });
}

const grey8: ImageToEncode = { rows: ROWS, columns: COLUMNS, bits: 8, samples: Uint8Array.from(ramp(8, 1)) };
const grey12: ImageToEncode = {
  rows: ROWS,
  columns: COLUMNS,
  bits: 12,
  samples: Uint16Array.from(ramp(12, 1)),
};
const grey16: ImageToEncode = {
  rows: ROWS,
  columns: COLUMNS,
  bits: 16,
  samples: Uint16Array.from(ramp(16, 1)),
};
const color: ImageToEncode = {
  rows: ROWS,
  columns: COLUMNS,
  bits: 8,
  components: 3,
  samples: Uint8Array.from(ramp(8, 3)),
};

const formatOf = (image: ImageToEncode, changes: Partial<PixelFormat> = {}): PixelFormat =>
  pixelFormat({
    rows: image.rows,
    columns: image.columns,
    samplesPerPixel: image.components === 3 ? 3 : 1,
    bitsAllocated: image.bits > 8 ? 16 : 8,
    bitsStored: image.bits,
    signed: image.signed ?? false,
    ...changes,
  });

async function decode(uid: string, bytes: Uint8Array, format: PixelFormat): Promise<Decoded> {
  return await codecFor(uid)(bytes, format);
}

async function failureOf(work: Promise<unknown>): Promise<KeysliceError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof KeysliceError)) throw new Error(`not a coded error: ${String(thrown)}`);
  return thrown;
}

const lossless = [
  { name: 'JPEG-LS', uid: UID.jpegLs, encode: (image: ImageToEncode) => encodeJpegLs(image) },
  { name: 'JPEG 2000', uid: UID.jpeg2000, encode: encodeJpeg2000 },
  { name: 'HTJ2K', uid: UID.htj2k, encode: encodeHtj2k },
];

describe.each(lossless)('$name', ({ uid, encode }) => {
  it.each([grey8, grey12, grey16])('gives $bits-bit grey back exactly', async (image) => {
    const decoded = await decode(uid, await encode(image), formatOf(image));
    expect(decoded.samples).toEqual(image.samples);
    expect(decoded).toMatchObject({
      bits: image.bits,
      rows: ROWS,
      columns: COLUMNS,
      components: 1,
      warnings: [],
    });
  });

  it('refuses a stream that is cut off', async () => {
    const stream = await encode(grey16);
    const error = await failureOf(decode(uid, stream.subarray(0, stream.length >> 1), formatOf(grey16)));
    expect(error.code).toBe('FRAME_FAILED');
  });

  it('decodes again after a broken stream', async () => {
    const stream = await encode(grey12);
    const broken = stream.slice();
    broken.fill(0xff, 40, 60);
    await failureOf(decode(uid, broken.subarray(0, 60), formatOf(grey12)));
    expect((await decode(uid, stream, formatOf(grey12))).samples).toEqual(grey12.samples);
  });

  it.each([{ rows: ROWS + 1 }, { columns: COLUMNS - 1 }, { samplesPerPixel: 3 as const }])(
    'refuses a header that says %o',
    async (changes) => {
      const error = await failureOf(decode(uid, await encode(grey8), formatOf(grey8, changes)));
      expect(error.code).toBe('HEADER_INCONSISTENT');
    },
  );

  it('refuses more bits than the header allocates', async () => {
    const header = formatOf(grey12, { bitsAllocated: 8, bitsStored: 8, highBit: 7 });
    expect((await failureOf(decode(uid, await encode(grey12), header))).code).toBe('HEADER_INCONSISTENT');
  });

  it('refuses bytes that are no such stream', async () => {
    expect((await failureOf(decode(uid, new Uint8Array(200), formatOf(grey8)))).code).toBe('FRAME_FAILED');
  });
});

describe('JPEG-LS', () => {
  it('stays within the error that near-lossless allows', async () => {
    const { samples } = await decode(UID.jpegLs, await encodeJpegLs(grey12, 3), formatOf(grey12));
    const original = ramp(12, 1);
    const worst = Math.max(...original.map((value, i) => Math.abs(value - (samples[i] ?? NaN))));
    expect(worst).toBeLessThanOrEqual(3);
    expect(worst).toBeGreaterThan(0);
  });

  it('says by plane or by pixel for colour', async () => {
    const byPixel = await decode(UID.jpegLs, await encodeJpegLs(color, 0, 2), formatOf(color));
    expect(byPixel).toMatchObject({ layout: 'interleaved', samples: color.samples });
    const byPlane = await decode(UID.jpegLs, await encodeJpegLs(color, 0, 0), formatOf(color));
    expect(byPlane).toMatchObject({ layout: 'planar', samples: color.samples });
  });
});

describe.each([
  { name: 'JPEG 2000', uid: UID.jpeg2000, encode: encodeJpeg2000 },
  { name: 'HTJ2K', uid: UID.htj2k, encode: encodeHtj2k },
])('$name', ({ uid, encode }) => {
  it('gives colour back as RGB', async () => {
    const decoded = await decode(uid, await encode(color), formatOf(color, { photometric: 'YBR_RCT' }));
    expect(decoded).toMatchObject({ color: 'rgb', layout: 'interleaved', warnings: [] });
    expect(decoded.samples).toEqual(color.samples);
  });

  it('gives signed values back', async () => {
    const samples = Int16Array.from(ramp(12, 1, -1500));
    const image = { ...grey16, signed: true, samples };
    const decoded = await decode(uid, await encode(image), formatOf(image));
    expect(decoded).toMatchObject({ signed: true, samples });
  });

  it('refuses signed 8-bit images, whose negative values the decoder would lose', async () => {
    const image = { ...grey8, signed: true, samples: Int8Array.from(ramp(7, 1, -64)) };
    expect((await failureOf(decode(uid, await encode(image), formatOf(image)))).code).toBe('FRAME_FAILED');
  });
});

it('gives HTJ2K colour without component transform as the header declares it', async () => {
  const decoded = await decode(
    UID.htj2k,
    await encodeHtj2k({ ...color, colorTransform: false }),
    formatOf(color),
  );
  expect(decoded).toMatchObject({ color: 'declared', layout: 'interleaved' });
  expect(decoded.samples).toEqual(color.samples);
});

describe('JPEG', () => {
  it('stays within two levels at quality 100', async () => {
    const { samples } = await decode(UID.jpeg, await encodeJpeg(grey8), formatOf(grey8));
    const worst = Math.max(...ramp(8, 1).map((value, i) => Math.abs(value - (samples[i] ?? NaN))));
    expect(worst).toBeLessThanOrEqual(2);
  });

  it('refuses hundreds of scans over one image', async () => {
    const stream = Buffer.from(await encodeJpeg(grey8, 90, { progressive: true }));
    const lastScan = stream.lastIndexOf(Uint8Array.of(0xff, 0xda));
    const scans = new Array<Uint8Array>(300).fill(stream.subarray(lastScan, -2));
    const bomb = Uint8Array.from(Buffer.concat([stream.subarray(0, -2), ...scans, stream.subarray(-2)]));
    expect((await failureOf(decode(UID.jpeg, bomb, formatOf(grey8)))).code).toBe('LIMIT_EXCEEDED');
  });

  it('names the transfer syntax of streams that are neither of 8 nor of 12 bits', async () => {
    const stream = await encodeJpeg(grey8);
    const frameHeader = Buffer.from(stream).indexOf(Uint8Array.of(0xff, 0xc0, 0, 11));
    stream.set([0xff, 0xc1, 0, 11, 16], frameHeader);
    const error = await failureOf(decode('1.2.840.10008.1.2.4.51', stream, formatOf(grey16)));
    expect(error.report()).toMatchObject({
      code: 'TRANSFER_SYNTAX_UNSUPPORTED',
      facts: { uid: '1.2.840.10008.1.2.4.51', name: 'JPEG Extended (Process 2 and 4)', bits: 16 },
    });
  });

  it('follows the stream when the transfer syntax names another member of the family', async () => {
    const decoded = await decode(UID.jpeg, await encodeJpegLs(grey8), formatOf(grey8));
    expect(decoded.samples).toEqual(grey8.samples);
    expect(decoded.warnings.map((each) => each.code)).toEqual(['HEADER_QUESTIONABLE']);
  });
});

it('names an unknown transfer syntax by its UID', () => {
  expect(() => codecFor('1.2.840.10008.1.2.4.110')).toThrow(/1\.2\.840\.10008\.1\.2\.4\.110/);
});
