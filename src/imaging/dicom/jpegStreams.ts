import type { ByteRange } from '../../contract/series.ts';
import type { ByteSource } from '../scan/byteSource.ts';

const MARKER = 0xff;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const STUFFING = 0x00;

type State =
  | { at: 'outside' | 'outsideMarker' | 'segments' | 'segmentMarker' | 'entropy' | 'entropyMarker' }
  | { at: 'lengthHigh'; marker: number }
  | { at: 'lengthLow'; marker: number; high: number }
  | { at: 'payload'; marker: number; left: number };

const MAX_CHUNK = 1024 * 1024;

/**
 * Offsets, in the joined bytes of all fragments, where JPEG or JPEG-LS streams start; null unless there are as
 * many as `expected`. The markers are followed (T.81 Annex B), so that FFD8 within a segment (a thumbnail in an
 * application segment) is not taken for a start. Reads piece by piece; nothing is kept.
 */
export async function findStreamStarts(
  source: ByteSource,
  fragments: readonly ByteRange[],
  expected: number,
): Promise<number[] | null> {
  const starts: number[] = [];
  let state: State = { at: 'outside' };
  let joined = 0;
  for (const fragment of fragments) {
    for (let done = 0; done < fragment.length; done += MAX_CHUNK) {
      const bytes = await source.read(fragment.offset + done, Math.min(MAX_CHUNK, fragment.length - done));
      for (const byte of bytes) {
        if (state.at === 'outsideMarker' && byte === SOI) starts.push(joined - 1);
        state = next(state, byte);
        joined++;
      }
      if (starts.length > expected) return null;
    }
  }
  return starts.length === expected ? starts : null;
}

function next(state: State, byte: number): State {
  switch (state.at) {
    case 'outside':
      return byte === MARKER ? { at: 'outsideMarker' } : state;
    case 'outsideMarker':
      if (byte === MARKER) return state;
      return { at: byte === SOI ? 'segments' : 'outside' };
    case 'segments':
      return byte === MARKER ? { at: 'segmentMarker' } : state;
    case 'segmentMarker':
      if (byte === MARKER) return state;
      if (byte === EOI) return { at: 'outside' };
      return hasNoLength(byte) ? { at: 'segments' } : { at: 'lengthHigh', marker: byte };
    case 'lengthHigh':
      return { at: 'lengthLow', marker: state.marker, high: byte };
    case 'lengthLow':
      return afterPayload(state.marker, state.high * 256 + byte - 2);
    case 'payload':
      return afterPayload(state.marker, state.left - 1);
    case 'entropy':
      return byte === MARKER ? { at: 'entropyMarker' } : state;
    case 'entropyMarker':
      return afterEntropyMarker(byte);
  }
}

function afterPayload(marker: number, left: number): State {
  if (left > 0) return { at: 'payload', marker, left };
  return { at: marker === SOS ? 'entropy' : 'segments' };
}

function afterEntropyMarker(byte: number): State {
  if (byte === MARKER) return { at: 'entropyMarker' };
  if (byte === EOI) return { at: 'outside' };
  // JPEG-LS stuffs a zero bit: after FF every byte below 0x80 is data (T.87 9.1).
  if (byte === STUFFING || byte < 0x80 || hasNoLength(byte)) return { at: 'entropy' };
  return { at: 'lengthHigh', marker: byte };
}

/** TEM and the restart markers stand alone (T.81 table B.1). */
const hasNoLength = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);
