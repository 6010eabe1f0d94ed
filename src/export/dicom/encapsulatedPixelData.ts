import type { ByteRange, FrameRecord } from '../../contract/series.ts';
import { type Element, EXPLICIT_LITTLE, UNDEFINED_LENGTH } from './element.ts';
import { elementHeader, encodeElement, encodeItem, itemHeader } from './encodeElement.ts';
import type { PixelDataPlan } from './pixelDataPlan.ts';
import type { SourceInstance } from './sourceInstance.ts';
import { TAG } from './tags.ts';

const ITEM_HEADER_BYTES = 8;
const MAX_BASIC_OFFSET = 0xffffffff;

/** A fragment to be written: ranges of the source that become one item. */
type Fragment = readonly ByteRange[];

/**
 * The compressed streams of the kept frames, unchanged, with new offset tables (PS3.5 A.4): the extended table
 * where the source has one or 32 bits do not suffice, else the basic one.
 *
 * @param frames of one file, ascending
 */
export function encapsulatedPixelData(
  instance: SourceInstance,
  frames: readonly FrameRecord[],
): PixelDataPlan {
  const fragments = frames.map(({ source }) => fragmentsOf(source.ranges));
  const sizes = fragments.map((frame) => frame.reduce((sum, fragment) => sum + itemBytes(fragment), 0));
  const offsets = runningSums(sizes);
  const hadExtended = instance.elements.some(({ tag }) => tag === TAG.extendedOffsetTable);
  const far = offsets.some((offset) => offset > MAX_BASIC_OFFSET);
  const wide = hadExtended || far;
  const extended = wide && fragments.every((frame) => frame.length === 1);
  const basic = extended || far ? [] : offsets;
  return {
    offsetTables: extended ? extendedTables(offsets, fragments) : [],
    header: elementHeader(TAG.pixelData, 'OB', UNDEFINED_LENGTH, EXPLICIT_LITTLE),
    chunks: () => encapsulatedValue(instance, basic, fragments),
  };
}

/** The source's fragments; where a frame starts or ends within one, the parts join, as padding would break it. */
function fragmentsOf(ranges: readonly ByteRange[]): Fragment[] {
  const broken = ranges.slice(0, -1).some(({ length }) => length % 2 === 1);
  return broken ? [ranges] : ranges.map((range) => [range]);
}

const streamBytes = (fragment: Fragment): number => fragment.reduce((sum, { length }) => sum + length, 0);

const itemBytes = (fragment: Fragment): number => {
  const length = streamBytes(fragment);
  return ITEM_HEADER_BYTES + length + (length % 2);
};

/** What lies before each of them. */
function runningSums(sizes: readonly number[]): number[] {
  let sum = 0;
  return sizes.map((size) => (sum += size) - size);
}

function extendedTables(offsets: readonly number[], fragments: readonly Fragment[][]): Element[] {
  const lengths = fragments.map((frame) => frame.reduce((sum, fragment) => sum + streamBytes(fragment), 0));
  return [
    encodeElement({ tag: TAG.extendedOffsetTable, vr: 'OV', numbers: offsets }, EXPLICIT_LITTLE),
    encodeElement({ tag: TAG.extendedOffsetTableLengths, vr: 'OV', numbers: lengths }, EXPLICIT_LITTLE),
  ];
}

async function* encapsulatedValue(
  { bytes }: SourceInstance,
  basicOffsets: readonly number[],
  fragments: readonly Fragment[][],
): AsyncGenerator<Uint8Array> {
  const table = new Uint8Array(basicOffsets.length * 4);
  const view = new DataView(table.buffer);
  basicOffsets.forEach((offset, index) => {
    view.setUint32(index * 4, offset, true);
  });
  yield encodeItem(table, EXPLICIT_LITTLE);
  for (const fragment of fragments.flat()) {
    const length = streamBytes(fragment);
    yield itemHeader(TAG.item, length + (length % 2), EXPLICIT_LITTLE);
    for (const { offset, length: rangeLength } of fragment) yield await bytes.read(offset, rangeLength);
    if (length % 2 === 1) yield Uint8Array.of(0);
  }
  yield itemHeader(TAG.sequenceDelimitation, 0, EXPLICIT_LITTLE);
}
