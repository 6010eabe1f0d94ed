import { Readable } from 'node:stream';
import { constants, crc32, createInflateRaw } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';
import { CHUNK_BYTES, chunksOf, type ByteSource } from './byteSource.ts';

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const;
/** A name and a comment; nothing that is longer has been seen. */
const MOST_HEADER_BYTES = 64 * 1024 + 4096;

/**
 * What a gzip file unpacks to: all its members (RFC 1952 2.2), one behind the other. What follows the last of them and
 * is no member is left. The gunzip of Node takes it for damage and loses what it has just unpacked; a file that is cut
 * off, too, gives here all that is left of it before the error.
 * @throws KeysliceError FILE_TRUNCATED when the last member is not complete, FILE_UNREADABLE; what zlib throws
 */
export async function* gunzipMembers(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; ;) {
    const start = await deflateStart(source, at);
    if (start === null) return;
    const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
    const stored = Readable.from(chunksOf(source, start, source.length - start), { objectMode: false });
    stored.on('error', (thrown) => inflate.destroy(thrown)).pipe(inflate);
    let [checksum, length] = [0, 0];
    let last: Buffer | null = null;
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) {
        checksum = crc32(chunk, checksum);
        length += chunk.length;
        if (last !== null) yield last;
        last = chunk;
      }
      at = start + inflate.bytesWritten + TRAILER_BYTES;
    } finally {
      stored.destroy();
      inflate.destroy();
    }
    // The end is handed on when the checksum is known to be right: nobody takes damaged data for complete.
    const flaw = await flawOfEnd(source, at - TRAILER_BYTES, checksum, length);
    if (last !== null && flaw?.code !== 'FILE_UNREADABLE') yield last;
    if (flaw !== null) throw flaw;
  }
}

/** Where the compressed data of the member at `at` start; null when no member is there (RFC 1952 2.3). */
async function deflateStart(source: ByteSource, at: number): Promise<number | null> {
  const header = Buffer.from(await source.read(at, MOST_HEADER_BYTES));
  if (header.length < HEADER_BYTES || header[0] !== 0x1f || header[1] !== 0x8b || header[2] !== 8)
    return null;
  const flags = header[3] ?? 0;
  let end = HEADER_BYTES;
  if ((flags & FLAG.extra) !== 0) end += 2 + (header.length >= end + 2 ? header.readUInt16LE(end) : 0);
  for (const text of [FLAG.name, FLAG.comment]) if ((flags & text) !== 0) end = textEnd(header, end);
  if ((flags & FLAG.headerChecksum) !== 0) end += 2;
  return at + Math.min(end, header.length);
}

function textEnd(header: Buffer, start: number): number {
  const end = header.indexOf(0, start);
  return end === -1 ? header.length : end + 1;
}

async function flawOfEnd(
  source: ByteSource,
  at: number,
  checksum: number,
  length: number,
): Promise<KeysliceError | null> {
  const trailer = Buffer.from(await source.read(at, TRAILER_BYTES));
  if (trailer.length < TRAILER_BYTES)
    return new KeysliceError('FILE_TRUNCATED', { expected: at + TRAILER_BYTES, actual: source.length });
  if (trailer.readUInt32LE(0) !== checksum || trailer.readUInt32LE(4) !== length % 2 ** 32)
    return new KeysliceError('FILE_UNREADABLE', { reason: 'its gzip data are damaged' });
  return null;
}
