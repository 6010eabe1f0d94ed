import { EXPLICIT_LITTLE, UNDEFINED_LENGTH } from './element.ts';
import { elementHeader, itemHeader } from './encodeElement.ts';
import type { PixelDataPlan } from './pixelDataPlan.ts';
import type { SourceInstance } from './sourceInstance.ts';
import { TAG } from './tags.ts';

const PIECE_BYTES = 4 * 2 ** 20;

/** The pixel data of an instance that is kept whole, byte for byte. */
export function wholePixelData(instance: SourceInstance): PixelDataPlan {
  const { tag, vr, length, encapsulated } = instance.pixelData;
  const written = encapsulated ? UNDEFINED_LENGTH : length + (length % 2);
  return {
    offsetTables: null,
    header: elementHeader(tag, vr ?? 'OW', written, instance.encoding),
    chunks: () => wholeValue(instance),
  };
}

async function* wholeValue({ bytes, pixelData }: SourceInstance): AsyncGenerator<Uint8Array> {
  const end = pixelData.offset + pixelData.length;
  for (let offset = pixelData.offset; offset < end; offset += PIECE_BYTES) {
    yield await bytes.read(offset, Math.min(PIECE_BYTES, end - offset));
  }
  if (pixelData.encapsulated) yield itemHeader(TAG.sequenceDelimitation, 0, EXPLICIT_LITTLE);
  else if (pixelData.length % 2 === 1) yield Uint8Array.of(0);
}
