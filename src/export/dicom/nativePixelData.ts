import { KeysliceError } from '../../contract/errors.ts';
import type { FrameRecord } from '../../contract/series.ts';
import { copyBits } from './copyBits.ts';
import { elementHeader } from './encodeElement.ts';
import type { PixelDataPlan } from './pixelDataPlan.ts';
import type { SourceInstance } from './sourceInstance.ts';

/**
 * The kept frames of uncompressed pixel data, one behind the other (PS3.5 section 8.1); frames of 1 bit per pixel
 * lie without padding between them, so their bits move.
 *
 * @param frames of one file, ascending
 * @throws KeysliceError FORMAT_NOT_APPLICABLE for big-endian words that a frame does not end with
 */
export function nativePixelData(instance: SourceInstance, frames: readonly FrameRecord[]): PixelDataPlan {
  const { tag, vr } = instance.pixelData;
  const bits = frameBits(frames);
  const wordsOfBytes =
    !instance.encoding.littleEndian && vr === 'OW' && (frames[0]?.pixel.bitsAllocated ?? 8) <= 8;
  if (wordsOfBytes && bits % 16 !== 0) {
    const reason = 'its frames end within big-endian words';
    throw new KeysliceError('FORMAT_NOT_APPLICABLE', { format: 'dicom', reason }, { path: instance.path });
  }
  const length = Math.ceil((bits * frames.length) / 16) * 2;
  return {
    offsetTables: null,
    header: elementHeader(tag, vr ?? 'OW', length, instance.encoding),
    chunks: () =>
      bits % 8 === 0 ? byteFrames(instance, frames, bits / 8) : bitFrames(instance, frames, bits),
  };
}

function frameBits(frames: readonly FrameRecord[]): number {
  const first = frames[0];
  if (first === undefined) return 0;
  const { rows, columns, samplesPerPixel, bitsAllocated } = first.pixel;
  // The reader knows the stored length of other formats, subsampled colour among them.
  return bitsAllocated === 1 ? rows * columns * samplesPerPixel : (first.source.ranges[0]?.length ?? 0) * 8;
}

async function* byteFrames(
  { bytes, pixelData }: SourceInstance,
  frames: readonly FrameRecord[],
  length: number,
): AsyncGenerator<Uint8Array> {
  for (const { source } of frames)
    yield await bytes.read(pixelData.offset + source.indexInFile * length, length);
  if ((length * frames.length) % 2 === 1) yield Uint8Array.of(0);
}

async function* bitFrames(
  { bytes, pixelData }: SourceInstance,
  frames: readonly FrameRecord[],
  bits: number,
): AsyncGenerator<Uint8Array> {
  const packed = new Uint8Array(Math.ceil((bits * frames.length) / 16) * 2);
  for (const [index, { source }] of frames.entries()) {
    const firstBit = source.indexInFile * bits;
    const firstByte = Math.floor(firstBit / 8);
    const stored = await bytes.read(
      pixelData.offset + firstByte,
      Math.ceil((firstBit + bits) / 8) - firstByte,
    );
    copyBits(packed, index * bits, stored, firstBit % 8, bits);
  }
  yield packed;
}
