import { KeysliceError } from '../../contract/errors.ts';
import type { ByteSource } from '../scan/byteSource.ts';
import { HEAD_BYTES } from '../scan/openFile.ts';
import { atOnce, inTurns } from '../scan/turns.ts';
import { Attributes } from './attributes.ts';
import type { Encoding } from './elementHeader.ts';
import { ElementReader, encodingAt, MAX_DEPTH, MAX_ELEMENTS, type ElementRun } from './elementReader.ts';
import { inflatedDataSet } from './inflatedDataSet.ts';
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

/** Where the meta elements start behind preamble and prefix (PS3.10 7.1). */
export const PREFIX_END = 132;
const META_GROUP_END = 0x0003;
const PIXEL_GROUP = 0x7fe0;
/** Enhanced objects of some ten thousand frames have headers of this size. */
const MAX_HEADER_BYTES = 128 * 1024 * 1024;
const GROWTH = 16;
/** The meta elements lie in the head: more steps than that has bytes are never needed. */
const MAX_META_STEPS = HEAD_BYTES;

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
  const source = syntax.deflated
    ? await inflatedDataSet(file, meta.end, MAX_HEADER_BYTES + HEAD_BYTES)
    : file;
  const start = syntax.deflated ? 0 : meta.end;
  const first = syntax.deflated ? await source.read(0, HEAD_BYTES) : head;
  const encoding = encodingAt(first, start, syntax);
  const { bytes, run, damage } = await readHeader(source, first, start, encoding);
  return {
    attributes: new Attributes(() => run.elements, bytes, encoding),
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
  const reader = new ElementReader(head, { ...encoding, littleEndian: true });
  const run = atOnce(reader.elements(start, META_GROUP_END), MAX_META_STEPS);
  if (run === null) return { uid: null, mediaClassUid: null, end: start };
  const { elements, end } = run;
  const meta = new Attributes(() => elements, head, { explicit: true, littleEndian: true });
  return { uid: meta.code('TransferSyntaxUID'), mediaClassUid: meta.code('MediaStorageSOPClassUID'), end };
}

/** Without a transfer syntax the first element decides (PS3.5 10.1: implicit little endian is the default). */
function guessedSyntax(head: Uint8Array, start: number): string {
  const encoding = encodingAt(head, start, { explicit: false, littleEndian: true });
  if (!encoding.explicit) return IMPLICIT_LITTLE_ENDIAN;
  return encoding.littleEndian ? EXPLICIT_LITTLE_ENDIAN : '1.2.840.10008.1.2.2';
}

async function readHeader(
  source: ByteSource,
  first: Uint8Array,
  start: number,
  encoding: Encoding,
): Promise<{ bytes: Uint8Array; run: ElementRun; damage: KeysliceError | null }> {
  let bytes = first;
  for (;;) {
    const run = await inTurns(new ElementReader(bytes, encoding).elements(start, PIXEL_GROUP));
    const needed = run.needed ?? 0;
    const mayGoOn = run.ended === 'more' || run.ended === 'end';
    if (!mayGoOn || needed > source.length || bytes.length >= source.length) {
      return { bytes, run, damage: damageOf(run, source) };
    }
    const wanted = Math.min(source.length, Math.max(bytes.length * GROWTH, needed));
    if (bytes.length >= MAX_HEADER_BYTES || needed > MAX_HEADER_BYTES) {
      throw new KeysliceError('LIMIT_EXCEEDED', {
        what: 'The size of the header in bytes',
        actual: wanted,
        limit: MAX_HEADER_BYTES,
      });
    }
    bytes = await source.read(0, Math.min(wanted, MAX_HEADER_BYTES));
  }
}

function damageOf({ ended, needed, end }: ElementRun, source: ByteSource): KeysliceError | null {
  switch (ended) {
    case 'stop':
    case 'end':
      return null;
    case 'more':
      return new KeysliceError('FILE_TRUNCATED', { expected: needed ?? 'more', actual: source.length });
    case 'malformed':
      return new KeysliceError('FILE_UNREADABLE', { reason: `its header cannot be parsed at byte ${end}` });
    case 'crowded':
      return exceeded('The number of elements', MAX_ELEMENTS);
    case 'deep':
      return exceeded('The depth of nested sequences', MAX_DEPTH);
  }
}

const exceeded = (what: string, limit: number): KeysliceError =>
  new KeysliceError('LIMIT_EXCEEDED', { what, actual: `over ${limit}`, limit });
