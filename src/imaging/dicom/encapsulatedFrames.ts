import { KeysliceError } from '../../contract/errors.ts';
import type { ByteRange } from '../../contract/series.ts';
import type { ByteSource } from '../scan/byteSource.ts';
import type { FragmentList } from './fragments.ts';
import { findStreamStarts } from './jpegStreams.ts';
import type { ExtendedOffsets } from './pixelElement.ts';

/** Start of a compressed stream: SOI of JPEG and JPEG-LS, SOC of JPEG 2000, the signature box of JP2. */
const STREAM_STARTS: readonly (readonly number[])[] = [
  [0xff, 0xd8],
  [0xff, 0x4f],
  [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50],
];

/**
 * Which bytes belong to each frame (PS3.5 A.4). In this order: the extended offset table, the basic one, one
 * fragment per frame, one frame in all, fragments that start a stream, starts of streams within fragments.
 * @throws KeysliceError HEADER_INCONSISTENT when none of these gives the number of frames
 */
export async function encapsulatedFrames(
  source: ByteSource,
  list: FragmentList,
  extended: ExtendedOffsets | null,
  frames: number,
): Promise<ByteRange[][]> {
  const { fragments } = list;
  const tabled = fromExtended(list, extended, frames) ?? fromBasic(list, frames);
  if (tabled !== null) return tabled;
  if (frames === 1) return [fragments];
  if (fragments.length === frames) return fragments.map((fragment) => [fragment]);
  const starts = await fragmentStarts(source, fragments);
  if (starts.length === frames && starts[0] === 0) {
    return starts.map((start, index) => fragments.slice(start, starts[index + 1]));
  }
  const offsets = await findStreamStarts(source, fragments, frames);
  if (offsets !== null)
    return offsets.map((start, index) => cut(fragments, start, offsets[index + 1] ?? Infinity));
  const reason = `${frames} frames are announced, ${fragments.length} fragments without a usable offset table are there`;
  throw new KeysliceError('HEADER_INCONSISTENT', { reason });
}

function fromExtended(
  list: FragmentList,
  extended: ExtendedOffsets | null,
  frames: number,
): ByteRange[][] | null {
  if (extended?.offsets.length !== frames) return null;
  const byOffset = fragmentsByOffset(list);
  const ranges = extended.offsets.map((offset, index) => {
    const fragment = list.fragments[byOffset.get(offset) ?? -1];
    const length = extended.lengths[index] ?? 0;
    return fragment === undefined || length > fragment.length ? null : [{ offset: fragment.offset, length }];
  });
  return ranges.every((range) => range !== null) ? ranges : null;
}

function fromBasic(list: FragmentList, frames: number): ByteRange[][] | null {
  if (list.basicOffsets.length !== frames || list.basicOffsets[0] !== 0) return null;
  const byOffset = fragmentsByOffset(list);
  const starts = list.basicOffsets.map((offset) => byOffset.get(offset) ?? -1);
  const ascending = starts.every((start, index) => start > (starts[index - 1] ?? -1));
  if (!ascending) return null;
  return starts.map((start, index) => list.fragments.slice(start, starts[index + 1]));
}

function fragmentsByOffset({ fragments, base }: FragmentList): Map<number, number> {
  return new Map(fragments.map(({ offset }, index) => [offset - 8 - base, index]));
}

async function fragmentStarts(source: ByteSource, fragments: readonly ByteRange[]): Promise<number[]> {
  const starts: number[] = [];
  for (const [index, { offset, length }] of fragments.entries()) {
    const bytes = await source.read(offset, Math.min(length, 6));
    if (STREAM_STARTS.some((start) => start.every((byte, at) => bytes[at] === byte))) starts.push(index);
  }
  return starts;
}

/** The parts of fragments between two offsets of their joined bytes. */
function cut(fragments: readonly ByteRange[], from: number, to: number): ByteRange[] {
  const ranges: ByteRange[] = [];
  let joined = 0;
  for (const { offset, length } of fragments) {
    const first = Math.max(from - joined, 0);
    const last = Math.min(to - joined, length);
    if (first < last) ranges.push({ offset: offset + first, length: last - first });
    joined += length;
  }
  return ranges;
}
