/** Streams with wrong bytes: every codec decodes them or refuses them with a code, and decodes the next one right. */
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import { codecFor } from '../../../../src/imaging/codecs/codecFor.ts';
import type { Decoded } from '../../../../src/imaging/codecs/codec.ts';
import { encodeJpegDct } from './encodeJpegDct.ts';
import {
  encodeHtj2k,
  encodeJpeg,
  encodeJpeg2000,
  encodeJpegLossless,
  encodeJpegLs,
  encodeRle,
} from './encoders.ts';
import type { ImageToEncode } from './encoders.ts';
import { pixelFormat } from './pixelFormat.ts';

const ROWS = 40;
const COLUMNS = 48;
const MUTATIONS = 300;
const CODES = ['FRAME_FAILED', 'HEADER_INCONSISTENT', 'TRANSFER_SYNTAX_UNSUPPORTED', 'LIMIT_EXCEEDED'];

const levels = (bits: number): number[] =>
  Array.from({ length: ROWS * COLUMNS }, (_, i) => {
    const wave = Math.abs(Math.sin((i % COLUMNS) / 7) * Math.cos(Math.floor(i / COLUMNS) / 5));
    return Math.round(wave * (2 ** bits - 1));
  });
const grey8: ImageToEncode = { rows: ROWS, columns: COLUMNS, bits: 8, samples: Uint8Array.from(levels(8)) };
const grey12: ImageToEncode = {
  rows: ROWS,
  columns: COLUMNS,
  bits: 12,
  samples: Uint16Array.from(levels(12)),
};

const STREAMS = [
  { name: 'JPEG', uid: '1.2.840.10008.1.2.4.50', image: grey8, encode: () => encodeJpeg(grey8, 90) },
  {
    name: 'progressive JPEG',
    uid: '1.2.840.10008.1.2.4.55',
    image: grey8,
    encode: () => encodeJpeg(grey8, 90, { progressive: true }),
  },
  {
    name: '12-bit JPEG',
    uid: '1.2.840.10008.1.2.4.51',
    image: grey12,
    encode: () => encodeJpegDct(grey12, { step: 4, restartInterval: 7 }),
  },
  {
    name: 'lossless JPEG',
    uid: '1.2.840.10008.1.2.4.57',
    image: grey12,
    encode: () => encodeJpegLossless(grey12, 6, 8),
  },
  { name: 'JPEG-LS', uid: '1.2.840.10008.1.2.4.80', image: grey12, encode: () => encodeJpegLs(grey12) },
  { name: 'JPEG 2000', uid: '1.2.840.10008.1.2.4.90', image: grey12, encode: () => encodeJpeg2000(grey12) },
  { name: 'HTJ2K', uid: '1.2.840.10008.1.2.4.201', image: grey12, encode: () => encodeHtj2k(grey12) },
  {
    name: 'RLE',
    uid: '1.2.840.10008.1.2.5',
    image: grey8,
    encode: () => encodeRle([Uint8Array.from(levels(8))]),
  },
];

/** A small generator of numbers below `n` from a seed (xorshift32): failures can be run again. */
function random(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

/** A few bytes changed, a piece taken out, doubled or overwritten; headers are hit as often as data. */
function mutated(stream: Uint8Array, pick: (n: number) => number): Uint8Array {
  const place = (): number => pick(pick(2) === 0 ? Math.min(200, stream.length) : stream.length);
  const bytes = stream.slice();
  const at = place();
  const piece = pick(40);
  switch (pick(5)) {
    case 0:
      return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + piece)]);
    case 1:
      return Uint8Array.from([...bytes.subarray(0, at + piece), ...bytes.subarray(at)]);
    case 2:
      return bytes.fill(pick(2) * 255, at, at + piece);
    default:
      for (let count = 1 + pick(6); count > 0; count--) bytes[place()] = pick(256);
      return bytes;
  }
}

describe.each(STREAMS)('$name', ({ uid, image, encode }) => {
  const format = pixelFormat({
    rows: ROWS,
    columns: COLUMNS,
    bitsAllocated: image.bits > 8 ? 16 : 8,
    bitsStored: image.bits,
  });
  const decode = async (bytes: Uint8Array): Promise<Decoded> => await codecFor(uid)(bytes, format);

  it(`survives ${MUTATIONS} mutations`, async () => {
    // A copy: slices of a Buffer would share its memory.
    const stream = Uint8Array.from(await encode());
    const { samples } = await decode(stream.slice());
    for (let seed = 1; seed <= MUTATIONS; seed++) {
      const result = await decode(mutated(stream, random(seed * 7919))).catch((error: unknown) => error);
      if (!(result instanceof Error)) {
        expect(result, `seed ${seed}`).toMatchObject({ rows: ROWS, columns: COLUMNS, components: 1 });
        continue;
      }
      const code = result instanceof KeysliceError ? result.code : `${result.name}: ${result.message}`;
      expect(CODES, `seed ${seed}`).toContain(code);
    }
    expect((await decode(stream.slice())).samples).toEqual(samples);
  });
});
