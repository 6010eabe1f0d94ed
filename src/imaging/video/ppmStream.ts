import { KeysliceError } from '../../contract/errors.ts';
import type { FrameSink, VideoSize } from './videoDecoder.ts';
import { checkPictureSize } from './videoLimits.ts';

const HEADER = /^P6\s(\d{1,9})\s(\d{1,9})\s255\s/;
const MAX_HEADER_BYTES = 40;

/**
 * Takes a stream of binary PPM pictures apart: each says its own size, so that a picture that is cut off or of another
 * size is noticed.
 * @returns bytes of a last picture that is not whole
 * @throws KeysliceError FILE_UNREADABLE, LIMIT_EXCEEDED, HEADER_INCONSISTENT, and what the sink throws
 */
export async function readPpmStream(chunks: AsyncIterable<Uint8Array>, sink: FrameSink): Promise<number> {
  let size: VideoSize | null = null;
  let picture = new Uint8Array(0);
  let filled = 0;
  let header: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.length > 0) {
      if (size === null) {
        const joined: Uint8Array = Buffer.concat([header, rest]);
        const found = parseHeader(joined);
        if (found === null) {
          header = joined;
          break;
        }
        size = found.size;
        rest = joined.subarray(found.bytes);
        header = new Uint8Array(0);
        filled = 0;
        const length = size.rows * size.columns * 3;
        if (picture.length !== length) picture = new Uint8Array(length);
      }
      const part = rest.subarray(0, picture.length - filled);
      picture.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled === picture.length) {
        await sink.frame(picture, size);
        size = null;
      }
    }
  }
  return size === null ? header.length : filled;
}

/** Null when the header is not there as a whole yet. */
function parseHeader(bytes: Uint8Array): { size: VideoSize; bytes: number } | null {
  const text = Buffer.from(bytes.subarray(0, MAX_HEADER_BYTES)).toString('latin1');
  const match = HEADER.exec(text);
  if (match === null) {
    if (bytes.length < MAX_HEADER_BYTES) return null;
    throw new KeysliceError('FILE_UNREADABLE', { reason: 'ffmpeg gave something else than pictures' });
  }
  const [whole, columns, rows] = match;
  const size = { rows: Number(rows), columns: Number(columns) };
  checkPictureSize(size.rows, size.columns);
  return { size, bytes: whole.length };
}
