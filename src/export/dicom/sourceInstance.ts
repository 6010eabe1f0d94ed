import { inflateRawSync } from 'node:zlib';
import { KeysliceError, warning, type Warning } from '../../contract/errors.ts';
import type { FrameRecord } from '../../contract/series.ts';
import { encodingAt } from '../../imaging/dicom/elementReader.ts';
import { walkFragments } from '../../imaging/dicom/fragments.ts';
import {
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  transferSyntax as syntaxOf,
  unsupportedSyntax,
  type TransferSyntax,
} from '../../imaging/dicom/transferSyntaxes.ts';
import { type ExactSource, memorySource, openFileSource } from '../exactSource.ts';
import { type Element, type Encoding, EXPLICIT_LITTLE, UNDEFINED_LENGTH } from './element.ts';
import { parseElements, readElementHeader } from './parseElements.ts';
import { isPixelData, TAG } from './tags.ts';

/** A source file taken apart: elements in memory, pixel data where they are. */
export interface SourceInstance {
  path: string;
  transferSyntax: string;
  encoding: Encoding;
  /** Elements before the pixel data. */
  elements: readonly Element[];
  pixelData: PixelDataPlace;
  /** Elements after the pixel data. */
  trailing: readonly Element[];
  /** The file, or for deflated ones its inflated data set. */
  bytes: ExactSource;
  warnings: readonly Warning[];
}

/** Where the value of the pixel data lies in `SourceInstance.bytes`. */
export interface PixelDataPlace {
  tag: number;
  /** Null in implicit VR. */
  vr: string | null;
  offset: number;
  /** Bytes of the value; of encapsulated data the table and the fragments without the delimiter. */
  length: number;
  encapsulated: boolean;
}

const DELIMITER_BYTES = 8;
/** Elements after the pixel data are read into memory; more than this are left out, with a warning. */
const MAX_TRAILING_BYTES = 64 * 2 ** 20;
/** A data set that inflates to more than this is refused. */
const MAX_INFLATED_BYTES = 4 * 2 ** 30 - 1;

/**
 * Opens a source file and finds its elements and its pixel data. The caller closes `bytes`.
 *
 * @param frame any frame of the file: it says how the file is encoded
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, HEADER_INCONSISTENT, LIMIT_EXCEEDED
 */
export async function openSourceInstance(frame: FrameRecord): Promise<SourceInstance> {
  const { path, transferSyntax: uid } = frame.source;
  const syntax = syntaxOf(uid);
  if (syntax === null) throw unsupportedSyntax(uid, {}, path);
  const file = await openFileSource(path);
  try {
    const start = await dataSetStart(file);
    if (!syntax.deflated) return await takeApart(path, file, start, headEnd(frame), syntax);
    const bytes = memorySource(inflate(await file.read(start, file.size - start), path), path);
    await file.close();
    return await takeApart(path, bytes, 0, bytes.size, syntax);
  } catch (thrown) {
    await file.close();
    throw withPath(thrown, path);
  }
}

/** A place behind the header of the pixel data and before most of their value. */
function headEnd({ source, pixel }: FrameRecord): number {
  const first = source.ranges.reduce((least, { offset }) => Math.min(least, offset), Infinity);
  if (source.encapsulated || pixel.bitsAllocated === 1) return first;
  return first - source.indexInFile * (source.ranges[0]?.length ?? 0);
}

/** Offset of the data set: behind preamble and meta group where they are there (PS3.10 section 7.1). */
async function dataSetStart(file: ExactSource): Promise<number> {
  const prefixed =
    file.size >= 132 && Buffer.from(await file.read(128, 4)).toString('latin1') === 'DICM' ? 132 : 0;
  for (let length = 4096; ; length *= 2) {
    const head = await file.read(prefixed, Math.min(length, file.size - prefixed));
    try {
      return prefixed + parseElements(head, EXPLICIT_LITTLE, (tag) => tag >>> 16 !== 2).end;
    } catch (thrown) {
      const more = prefixed + head.length < file.size;
      if (!more || !(thrown instanceof KeysliceError && thrown.code === 'FILE_TRUNCATED')) throw thrown;
    }
  }
}

async function takeApart(
  path: string,
  bytes: ExactSource,
  start: number,
  end: number,
  syntax: TransferSyntax,
): Promise<SourceInstance> {
  const head = await bytes.read(start, Math.min(end, bytes.size) - start);
  const encoding = encodingAt(head, 0, syntax);
  const { elements, end: stop } = parseElements(head, encoding, isPixelData);
  if (stop === head.length)
    throw new KeysliceError('HEADER_INCONSISTENT', { reason: 'there are no pixel data' });
  const header = readElementHeader(head, stop, encoding);
  const offset = start + stop + header.headerLength;
  const encapsulated = header.length === UNDEFINED_LENGTH;
  const length = encapsulated ? (await fragmentsEnd(bytes, offset)) - offset : header.length;
  const trailingStart = offset + length + (encapsulated ? DELIMITER_BYTES : 0);
  return {
    path,
    transferSyntax: writtenSyntax(syntax, encoding, encapsulated, path),
    encoding,
    elements,
    pixelData: { tag: header.tag, vr: header.vr, offset, length, encapsulated },
    bytes,
    ...(await readTrailing(bytes, trailingStart, encoding)),
  };
}

/** The transfer syntax of the result: what the file says, unless it is encoded otherwise than it says. */
function writtenSyntax(
  syntax: TransferSyntax,
  encoding: Encoding,
  encapsulated: boolean,
  path: string,
): string {
  const declared = syntax.explicit === encoding.explicit && syntax.littleEndian === encoding.littleEndian;
  if (declared && syntax.encapsulated === encapsulated) return syntax.uid;
  if (syntax.encapsulated || encapsulated) {
    const reason = `the pixel data are not stored as the transfer syntax ${syntax.uid} says`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason }, { path });
  }
  if (!encoding.explicit) return IMPLICIT_LITTLE_ENDIAN;
  return encoding.littleEndian ? EXPLICIT_LITTLE_ENDIAN : EXPLICIT_BIG_ENDIAN;
}

/** End of the last fragment of encapsulated pixel data. */
async function fragmentsEnd(bytes: ExactSource, start: number): Promise<number> {
  const lenient = {
    length: bytes.size,
    read: (offset: number, length: number) =>
      bytes.read(offset, Math.max(0, Math.min(length, bytes.size - offset))),
  };
  const { fragments, base } = await walkFragments(lenient, start);
  const last = fragments[fragments.length - 1];
  return last === undefined ? base : last.offset + last.length;
}

async function readTrailing(
  bytes: ExactSource,
  start: number,
  encoding: Encoding,
): Promise<Pick<SourceInstance, 'trailing' | 'warnings'>> {
  const count = bytes.size - start;
  if (count <= 0) return { trailing: [], warnings: [] };
  try {
    if (count > MAX_TRAILING_BYTES) return leftOut(count);
    const { elements } = parseElements(await bytes.read(start, count), encoding);
    return elements.some(({ tag }) => tag <= TAG.pixelData)
      ? leftOut(count)
      : { trailing: elements, warnings: [] };
  } catch (thrown) {
    if (thrown instanceof KeysliceError && thrown.code !== 'FILE_UNREADABLE') return leftOut(count);
    throw thrown;
  }
}

const leftOut = (count: number): Pick<SourceInstance, 'trailing' | 'warnings'> => ({
  trailing: [],
  warnings: [
    warning('HEADER_QUESTIONABLE', {
      reason: `the ${count} bytes after the pixel data are not usable elements and were left out`,
    }),
  ],
});

function inflate(bytes: Uint8Array, path: string): Uint8Array {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAX_INFLATED_BYTES });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeysliceError('FILE_UNREADABLE', { reason }, { path, cause });
  }
}

function withPath(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof KeysliceError) || thrown.path !== undefined) return thrown;
  return new KeysliceError(thrown.code, thrown.facts, { path, cause: thrown });
}
