import { KeysliceError } from '../../contract/errors.ts';
import type { ByteRange, FrameSource, PixelFormat } from '../../contract/series.ts';
import type { ParsedDataSet } from './dataSet.ts';
import { encapsulatedFrames } from './encapsulatedFrames.ts';
import { walkFragments } from './fragments.ts';
import type { PixelElement } from './pixelElement.ts';
import { frameBits } from './pixelFormat.ts';
import { EXPLICIT_LITTLE_ENDIAN, transferSyntax, type TransferSyntax } from './transferSyntaxes.ts';

/** More than any image has; each costs some kilobytes before a pixel is read. */
const MAX_FRAMES = 2 ** 16;

/**
 * Where the bytes of each frame lie, checked against the length of the file before anything is allocated for
 * them (PS3.5 8.1, 8.2, A.4).
 * @throws KeysliceError FILE_TRUNCATED, HEADER_INCONSISTENT, LIMIT_EXCEEDED
 */
export async function frameSources(
  path: string,
  dataSet: ParsedDataSet,
  element: PixelElement,
  format: PixelFormat,
  frames: number,
): Promise<FrameSource[]> {
  const { source } = dataSet;
  const syntax = storedSyntax(dataSet.syntax, element, frameBits(format) * frames);
  if (frames > MAX_FRAMES) {
    throw new KeysliceError('LIMIT_EXCEEDED', {
      what: 'The number of frames',
      actual: frames,
      limit: MAX_FRAMES,
    });
  }
  if (syntax.encapsulated !== (element.length === null)) return mismatched(syntax.name, syntax.encapsulated);
  const shared = {
    path,
    encoding: syntax.deflated ? ('deflate' as const) : ('plain' as const),
    transferSyntax: syntax.uid,
    encapsulated: syntax.encapsulated,
  };
  if (element.length === null) {
    const list = await walkFragments(source, element.offset);
    const ranges = await encapsulatedFrames(source, list, element.extendedOffsets, frames);
    return ranges.map((parts, indexInFile) => ({ ...shared, ranges: parts, bitOffset: 0, indexInFile }));
  }
  checkNativeLength(element.length, frameBits(format) * frames, element.offset, source.length);
  return Array.from({ length: frames }, (_, indexInFile) => ({
    ...shared,
    ...nativeRange(element.offset, frameBits(format), indexInFile),
    indexInFile,
  }));
}

/** Compressed by its transfer syntax, but one block of just the size of the plain pixels: it is not compressed. */
function storedSyntax(declared: TransferSyntax, element: PixelElement, bits: number): TransferSyntax {
  const needed = Math.ceil(bits / 8);
  const plain = element.length === needed || element.length === needed + (needed % 2);
  return declared.encapsulated && plain ? (transferSyntax(EXPLICIT_LITTLE_ENDIAN) ?? declared) : declared;
}

function checkNativeLength(stored: number, bits: number, offset: number, fileLength: number): void {
  const needed = Math.ceil(bits / 8);
  if (stored < needed) {
    const reason = `${needed} bytes of pixels follow from rows, columns, bits and frames, ${stored} are announced`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason });
  }
  if (offset + needed > fileLength) {
    throw new KeysliceError('FILE_TRUNCATED', { expected: offset + needed, actual: fileLength });
  }
}

/** Frames of 1 bit per pixel follow each other without padding (PS3.5 8.1.1). */
function nativeRange(start: number, bits: number, frame: number): { ranges: ByteRange[]; bitOffset: number } {
  const firstBit = frame * bits;
  const bitOffset = firstBit % 8;
  const range = { offset: start + Math.floor(firstBit / 8), length: Math.ceil((bitOffset + bits) / 8) };
  return { ranges: [range], bitOffset };
}

function mismatched(name: string, encapsulated: boolean): never {
  const found = encapsulated ? 'one block of a fixed length' : 'fragments';
  throw new KeysliceError('HEADER_INCONSISTENT', {
    reason: `the pixel data of ${name} are stored as ${found}`,
  });
}
