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
    ['points twice at one fragment', [0, 0], [6, 6]],
    ['points behind the data', [0, 5000], [6, 6]],
    ['has lengths of zero', [0, 14], [0, 0]],
    ['has lengths beyond the fragments', [0, 14], [6, 5000]],
    ['has lengths of a part of the fragments', [0, 14], [6, 2]],
    ['has too few entries', [0], [6]],
  ])('do not follow an extended offset table that %s', async (_, offsets, lengths) => {
    const other = Buffer.from([0xff, 0x4f, 0xff, 0x51, 3, 4]);
    expect(await framesOf({ fragments: [J2K, other] }, 2, { offsets, lengths })).toEqual([J2K, other]);
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

  it.each([
    ['descends', [0, 28, 14]],
    ['does not start at zero', [14, 28, 42]],
    ['points into a fragment', [0, 15, 42]],
    ['points at a fragment that starts no stream', [0, 14, 26]],
    ['has too few entries', [0, 26]],
    ['has too many entries', [0, 14, 26, 38]],
  ])('do not follow a basic offset table that %s', async (_, offsets) => {
    const fragments = [J2K, REST, J2K, REST, J2K, REST];
    const frame = Buffer.concat([J2K, REST]);
    expect(await framesOf({ fragments, offsets }, 3)).toEqual([frame, frame, frame]);
  });

  it('follow the table all the same when a frame is damaged, so that it alone is lost', async () => {
    const fragments = [J2K, REST, J2K];
    expect(await framesOf({ fragments, offsets: offsetsOf(fragments) }, 3)).toEqual(fragments);
  });

  it('leave empty items out, or lose the frame that is one', async () => {
    const empty = Buffer.alloc(0);
    expect(await framesOf({ fragments: [REST, empty, REST, empty] }, 2)).toEqual([REST, REST]);
    expect(await framesOf({ fragments: [J2K, empty, REST, J2K, empty] }, 2)).toEqual([
      Buffer.concat([J2K, REST]),
      J2K,
    ]);
    expect(await framesOf({ fragments: [REST, empty, REST] }, 3)).toEqual([REST, empty, REST]);
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

  it('lists a hundred thousand empty items', async () => {
    const items = Buffer.alloc(8 * 100_001);
    for (let at = 0; at < items.length; at += 8) items.writeUInt32LE(0xe000fffe, at);
    expect((await walkFragments(memorySource(items), 0)).fragments).toHaveLength(100_000);
  });

  it('refuses what is not an item', async () => {
    await expect(walkFragments(memorySource(new Uint8Array(64)), 12)).rejects.toMatchObject({
      code: 'HEADER_INCONSISTENT',
    });
  });
});
