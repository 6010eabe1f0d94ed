import { KeysliceError } from '../../contract/errors.ts';
import type { ByteRange } from '../../contract/series.ts';
import type { ByteSource } from '../scan/byteSource.ts';
import type { FragmentList } from './fragments.ts';
import { findStreamStarts } from './jpegStreams.ts';
import type { ExtendedOffsets } from './pixelElement.ts';

/** A division into frames: the fragment that each starts with, and its bytes. */
interface Division {
  starts: readonly number[];
  frames: ByteRange[][];
}

/**
 * Which bytes belong to each frame (PS3.5 A.4). In this order: the extended offset table, the basic one, one
 * fragment per frame, one frame in all, fragments that start a stream, starts of streams within fragments. Where
 * streams show their start, a table under which a frame has none is believed last: either it lies, or that frame is
 * damaged and the others are not.
 * @throws KeysliceError HEADER_INCONSISTENT when none of these gives the number of frames
 */
export async function encapsulatedFrames(
  source: ByteSource,
  list: FragmentList,
  extended: ExtendedOffsets | null,
  frames: number,
): Promise<ByteRange[][]> {
  const { fragments } = list;
  const divisions = [fromExtended(list, extended, frames), fromBasic(list, frames), oneEach(list, frames)];
  const possible = divisions.filter((division) => division !== null);
  const likely = possible.find(({ starts }) => startStreams(starts, list));
  if (likely !== undefined) return likely.frames;
  if (frames === 1) return [fragments];
  const starts = list.startsStream.flatMap((starting, index) => (starting ? [index] : []));
  if (starts.length === frames && starts[0] === 0) {
    return starts.map((start, index) => fragments.slice(start, starts[index + 1]));
  }
  const offsets = await findStreamStarts(source, fragments, frames);
  if (offsets !== null)
    return offsets.map((start, index) => cut(fragments, start, offsets[index + 1] ?? Infinity));
  const [table] = possible;
  if (table !== undefined) return table.frames;
  const reason = `${frames} frames are announced, ${fragments.length} fragments without a usable offset table are there`;
  throw new KeysliceError('HEADER_INCONSISTENT', { reason });
}

/** RLE has no mark of a start: nothing is known about it. */
const startStreams = (starts: readonly number[], { startsStream }: FragmentList): boolean =>
  startsStream[0] !== true || starts.every((index) => startsStream[index] === true);

const ascend = (starts: readonly number[]): boolean =>
  starts.every((start, index) => start > (starts[index - 1] ?? -1));

/** Extended offset tables go with one fragment per frame (PS3.3 C.7.6.3.1.8); lengths leave a pad byte out. */
function fromExtended(list: FragmentList, extended: ExtendedOffsets | null, frames: number): Division | null {
  if (extended?.offsets.length !== frames) return null;
  const byOffset = fragmentsByOffset(list);
  const starts = extended.offsets.map((offset) => byOffset.get(offset) ?? -1);
  if (!ascend(starts)) return null;
  const ranges = starts.map((start, frame) => {
    const fragment = list.fragments[start]!;
    const length = extended.lengths[frame] ?? 0;
    const padding = fragment.length - length;
    return [padding === 0 || padding === 1 ? { offset: fragment.offset, length } : fragment];
  });
  return { starts, frames: ranges };
}

function fromBasic(list: FragmentList, frames: number): Division | null {
  if (list.basicOffsets.length !== frames || list.basicOffsets[0] !== 0) return null;
  const byOffset = fragmentsByOffset(list);
  const starts = list.basicOffsets.map((offset) => byOffset.get(offset) ?? -1);
  if (!ascend(starts)) return null;
  return { starts, frames: starts.map((start, index) => list.fragments.slice(start, starts[index + 1])) };
}

/** One fragment per frame; empty items do not count unless there is one for each frame with them. */
function oneEach({ fragments }: FragmentList, frames: number): Division | null {
  const all = fragments.map((_, index) => index);
  const starts = all.length === frames ? all : all.filter((index) => fragments[index]!.length > 0);
  return starts.length === frames ? { starts, frames: starts.map((index) => [fragments[index]!]) } : null;
}

function fragmentsByOffset({ fragments, base }: FragmentList): Map<number, number> {
  return new Map(fragments.map(({ offset }, index) => [offset - 8 - base, index]));
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
