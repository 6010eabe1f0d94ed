import { describe, expect, it } from 'vitest';
import type { ByteRange } from '../../../../src/contract/series.ts';
import { encapsulatedFrames } from '../../../../src/imaging/dicom/encapsulatedFrames.ts';
import { walkFragments } from '../../../../src/imaging/dicom/fragments.ts';
import type { ExtendedOffsets } from '../../../../src/imaging/dicom/pixelElement.ts';
import { memorySource } from '../../../../src/imaging/scan/byteSource.ts';
import { dicomFile, type Fragments } from '../../../fixtures/dicomFile.ts';

/** A JPEG stream as far as markers go; its application segment holds the start of another (a thumbnail). */
const jpeg = (content: number): Buffer =>
  Buffer.from([
    ...[0xff, 0xd8, 0xff, 0xe0, 0x00, 0x06, 0xff, 0xd8, 0xff, 0xd9],
    ...[0xff, 0xda, 0x00, 0x03, 0x01, content, 0xff, 0x00, content, 0xff, 0xd0, content, 0xff, 0xd9],
  ]);
const J2K = Buffer.from([0xff, 0x4f, 0xff, 0x51, 1, 2]);
const REST = Buffer.from([7, 8, 9, 10]);

async function framesOf(
  pixels: Fragments,
  frames: number,
  extended: ExtendedOffsets | null = null,
): Promise<Buffer[]> {
  const bytes = Buffer.from(dicomFile({ '7FE00010': ['OB', pixels] }, { preamble: false }));
  const source = memorySource(bytes);
  const ranges = await encapsulatedFrames(source, await walkFragments(source, 12), extended, frames);
  const joined = (parts: readonly ByteRange[]): Buffer =>
    Buffer.concat(parts.map(({ offset, length }) => bytes.subarray(offset, offset + length)));
  return ranges.map(joined);
}

const offsetsOf = (fragments: readonly Buffer[]): number[] => {
  let at = 0;
  return fragments.map((fragment) => (at += 8 + fragment.length) - 8 - fragment.length);
};

describe('the frames of encapsulated pixel data', () => {
  it('are the fragments, one each', async () => {
    expect(await framesOf({ fragments: [jpeg(1), jpeg(2)] }, 2)).toEqual([jpeg(1), jpeg(2)]);
  });

  it('are all fragments together for a single frame', async () => {
    expect(await framesOf({ fragments: [J2K, REST, REST] }, 1)).toEqual([Buffer.concat([J2K, REST, REST])]);
  });

  it('follow the basic offset table', async () => {
    const fragments = [REST, REST, J2K, REST, REST];
    const [first = 0, , , fourth = 0] = offsetsOf(fragments);
    expect(await framesOf({ fragments, offsets: [first, fourth] }, 2)).toEqual([
      Buffer.concat([REST, REST, J2K]),
      Buffer.concat([REST, REST]),
    ]);
  });

  it('follow the extended offset table, whose lengths leave the padding out', async () => {
    const fragments = [J2K, REST];
    const extended = { offsets: offsetsOf(fragments), lengths: [5, 3] };
    expect(await framesOf({ fragments }, 2, extended)).toEqual([J2K.subarray(0, 5), REST.subarray(0, 3)]);
  });

  it.each([
    ['JPEG 2000', J2K],
    ['JPEG', jpeg(5)],
  ])('start with a %s stream where there is no table', async (_, start) => {
    const fragments = [start, REST, start, start, REST];
    expect(await framesOf({ fragments }, 3)).toEqual([
      Buffer.concat([start, REST]),
      start,
      Buffer.concat([start, REST]),
    ]);
  });

  it('are cut where streams start within fragments, and thumbnails are not taken for frames', async () => {
    const stream = Buffer.concat([jpeg(1), jpeg(2), jpeg(3)]);
    const fragments = [0, 10, 40, 54].map((start, index) => stream.subarray(start, [10, 40, 54][index]));
    expect(await framesOf({ fragments }, 3)).toEqual([jpeg(1), jpeg(2), jpeg(3)]);
  });

  it('ignore a table that points at no fragment', async () => {
    const pixels = { fragments: [jpeg(1), jpeg(2)], offsets: [0, 5] };
    expect(await framesOf(pixels, 2)).toEqual([jpeg(1), jpeg(2)]);
  });

  it('are refused when their number cannot be found', async () => {
    const frames = framesOf({ fragments: [jpeg(1), REST, jpeg(2)] }, 5);
    await expect(frames).rejects.toMatchObject({ code: 'HEADER_INCONSISTENT' });
  });
});

describe('walkFragments', () => {
  const bytes = dicomFile({ '7FE00010': ['OB', { fragments: [jpeg(1), jpeg(2)] }] }, { preamble: false });

  it('lets a missing delimiter at the end pass', async () => {
    const { fragments } = await walkFragments(memorySource(bytes.subarray(0, -8)), 12);
    expect(fragments).toHaveLength(2);
  });

  it('says how many bytes are missing', async () => {
    const walk = walkFragments(memorySource(bytes.subarray(0, -11)), 12);
    const facts = { expected: bytes.length - 8, actual: bytes.length - 11 };
    await expect(walk).rejects.toMatchObject({ code: 'FILE_TRUNCATED', facts });
  });

  it('does not believe a table of four gigabytes', async () => {
    const lying = Buffer.from(bytes);
    lying.writeUInt32LE(0xfffffff0, 16);
    await expect(walkFragments(memorySource(lying), 12)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('refuses what is not an item', async () => {
    await expect(walkFragments(memorySource(new Uint8Array(64)), 12)).rejects.toMatchObject({
      code: 'HEADER_INCONSISTENT',
    });
  });
});
