import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';
import { memorySource, type ByteSource } from '../scan/byteSource.ts';
import { HEAD_BYTES } from '../scan/openFile.ts';
import { Attributes } from './attributes.ts';
import { encodingAt, readElements, type ElementRun, type Encoding } from './elementReader.ts';
import {
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  transferSyntax,
  unsupportedSyntax,
  type TransferSyntax,
} from './transferSyntaxes.ts';

/** The data set of a file up to its pixel data. */
export interface ParsedDataSet {
  attributes: Attributes;
  syntax: TransferSyntax;
  encoding: Encoding;
  /** Where `pixelStart` and all pixel ranges count from: the file, or the inflated data set. */
  source: ByteSource;
  /** Offset of the first element of group 7FE0; null when there is none. */
  pixelStart: number | null;
  /** Media Storage SOP Class UID of the meta elements, for data sets without their own (DICOMDIR). */
  mediaClassUid: string | null;
  /** Why the header could not be read to its end; null when it could. */
  damage: KeysliceError | null;
  /** The encoding is not the one that the transfer syntax names. */
  misdeclared: boolean;
}

const PREFIX_END = 132;
const META_GROUP_END = 0x0003;
const PIXEL_GROUP = 0x7fe0;
/** Enhanced objects of some ten thousand frames have headers of this size. */
const MAX_HEADER_BYTES = 128 * 1024 * 1024;
const GROWTH = 16;
const MAX_INFLATED_BYTES = 2 ** 31 - 1;
/** DEFLATE cannot expand further (RFC 1951: at most 258 bytes from two bits). */
const MAX_DEFLATE_RATIO = 1032;
const inflateRawAsync = promisify(inflateRaw);

/**
 * Parses the header of a DICOM file, with or without preamble and meta elements (PS3.10 section 7), reading no
 * more of it than needed. A header that breaks off is handed on with what came before, and with its `damage`.
 * @throws KeysliceError FILE_UNREADABLE, LIMIT_EXCEEDED, TRANSFER_SYNTAX_UNSUPPORTED
 */
export async function readDataSet(
  file: ByteSource,
  head: Uint8Array,
  preamble: boolean,
): Promise<ParsedDataSet> {
  const meta = readMeta(head, preamble ? PREFIX_END : 0);
  const declaredUid = meta.uid ?? guessedSyntax(head, meta.end);
  const syntax = transferSyntax(declaredUid);
  if (syntax === null) throw unsupportedSyntax(declaredUid);
  const source = syntax.deflated ? await inflated(file, meta.end) : file;
  const start = syntax.deflated ? 0 : meta.end;
  const first = syntax.deflated ? await source.read(0, HEAD_BYTES) : head;
  const encoding = encodingAt(first, start, syntax);
  const { bytes, run, damage } = await readHeader(source, first, start, encoding);
  return {
    attributes: new Attributes(run.elements, bytes, encoding.littleEndian),
    syntax,
    encoding,
    source,
    mediaClassUid: meta.mediaClassUid,
    damage,
    pixelStart: run.ended === 'stop' ? run.end : null,
    misdeclared: encoding.explicit !== syntax.explicit || encoding.littleEndian !== syntax.littleEndian,
  };
}

/** Where the data set starts, and the transfer syntax that the meta elements name. */
export function readMeta(
  head: Uint8Array,
  start: number,
): { uid: string | null; mediaClassUid: string | null; end: number } {
  // Explicit little endian always (PS3.10 7.1); a few writers use implicit all the same.
  const encoding = encodingAt(head, start, { explicit: true, littleEndian: true });
  const { elements, end } = readElements(head, start, { ...encoding, littleEndian: true }, META_GROUP_END);
  const meta = new Attributes(elements, head, true);
  return { uid: meta.code('TransferSyntaxUID'), mediaClassUid: meta.code('MediaStorageSOPClassUID'), end };
}

/** Without a transfer syntax the first element decides (PS3.5 10.1: implicit little endian is the default). */
function guessedSyntax(head: Uint8Array, start: number): string {
  const encoding = encodingAt(head, start, { explicit: false, littleEndian: true });
  if (!encoding.explicit) return IMPLICIT_LITTLE_ENDIAN;
  return encoding.littleEndian ? EXPLICIT_LITTLE_ENDIAN : '1.2.840.10008.1.2.2';
}

async function inflated(file: ByteSource, start: number): Promise<ByteSource> {
  const limit = Math.min(MAX_INFLATED_BYTES, (file.length - start) * MAX_DEFLATE_RATIO + 1);
  try {
    const bytes = await inflateRawAsync(await file.read(start, file.length - start), {
      maxOutputLength: limit,
    });
    return memorySource(bytes);
  } catch (thrown) {
    if (thrown instanceof RangeError) {
      throw new KeysliceError('LIMIT_EXCEEDED', {
        what: 'The inflated data set',
        actual: `over ${limit}`,
        limit,
      });
    }
    const reason = 'its deflated data set is damaged or incomplete';
    throw new KeysliceError('FILE_UNREADABLE', { reason }, { cause: thrown });
  }
}

async function readHeader(
  source: ByteSource,
  first: Uint8Array,
  start: number,
  encoding: Encoding,
): Promise<{ bytes: Uint8Array; run: ElementRun; damage: KeysliceError | null }> {
  let bytes = first;
  for (;;) {
    const run = readElements(bytes, start, encoding, PIXEL_GROUP);
    if (run.ended === 'stop') return { bytes, run, damage: null };
    if (bytes.length >= source.length) return { bytes, run, damage: damageOf(run, source) };
    const wanted = Math.min(
      source.length,
      Math.max(bytes.length * GROWTH, typeof run.needed === 'number' ? run.needed : 0),
    );
    if (bytes.length >= MAX_HEADER_BYTES) {
      throw new KeysliceError('LIMIT_EXCEEDED', {
        what: 'The header',
        actual: wanted,
        limit: MAX_HEADER_BYTES,
      });
    }
    bytes = await source.read(0, Math.min(wanted, MAX_HEADER_BYTES));
  }
}

function damageOf(run: ElementRun, source: ByteSource): KeysliceError | null {
  if (run.ended === 'end') return null;
  if (run.needed !== null) {
    return new KeysliceError('FILE_TRUNCATED', { expected: run.needed, actual: source.length });
  }
  const reason = `its header cannot be parsed at byte ${run.end}`;
  return new KeysliceError('FILE_UNREADABLE', { reason }, { cause: run.cause });
}
