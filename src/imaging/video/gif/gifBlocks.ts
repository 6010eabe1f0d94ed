import { KeysliceError } from '../../../contract/errors.ts';
import type { VideoSize } from '../videoDecoder.ts';

/** What happens to the area of a picture before the next one is drawn (GIF89a, 23.c.iv). */
export type Disposal = 'keep' | 'clear' | 'restore';

export interface GifPicture {
  left: number;
  top: number;
  width: number;
  height: number;
  interlaced: boolean;
  /** RGB, 3 bytes per entry. */
  palette: Uint8Array;
  /** Palette index of pixels that are left as they are; null: there is none. */
  transparent: number | null;
  disposal: Disposal;
  delayMs: number;
  codeSize: number;
  /** LZW codes, the sub-blocks joined. */
  codes: Uint8Array;
}

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const HEADER_BYTES = 13;
/** Browsers show a picture without a delay for this long. */
const UNSTATED_DELAY_MS = 100;
const SHORTEST_DELAY = 2;

type Control = Pick<GifPicture, 'transparent' | 'disposal' | 'delayMs'>;
const NO_CONTROL: Control = { transparent: null, disposal: 'keep', delayMs: UNSTATED_DELAY_MS };

/** Width and height of the canvas that pictures are drawn on. @throws KeysliceError FILE_TRUNCATED */
export function gifSize(bytes: Uint8Array): VideoSize {
  if (bytes.length < HEADER_BYTES) throw tooShort(HEADER_BYTES, bytes.length);
  return { columns: word(bytes, 6), rows: word(bytes, 8) };
}

/**
 * The pictures of a GIF in the order of the file, still compressed.
 * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE when it comes to the fault
 */
export function* gifPictures(bytes: Uint8Array): Generator<GifPicture, void> {
  gifSize(bytes);
  const shared = colorTable(bytes, HEADER_BYTES, bytes[10] ?? 0);
  let at = HEADER_BYTES + shared.length;
  let control = NO_CONTROL;
  for (;;) {
    const kind = bytes[at];
    if (kind === TRAILER) return;
    if (kind === EXTENSION) {
      if (bytes[at + 1] === GRAPHIC_CONTROL) control = readControl(bytes, at + 3);
      at = subBlocks(bytes, at + 2).end;
    } else if (kind === IMAGE) {
      const { picture, end } = readPicture(bytes, at, shared, control);
      yield picture;
      control = NO_CONTROL;
      at = end;
    } else if (kind === undefined) {
      throw tooShort(at + 1, bytes.length);
    } else {
      throw new KeysliceError('FILE_UNREADABLE', { reason: `byte ${at} of the GIF starts no block` });
    }
  }
}

function readControl(bytes: Uint8Array, at: number): Control {
  const flags = bytes[at] ?? 0;
  const delay = word(bytes, at + 1);
  const method = (flags >> 2) & 7;
  return {
    transparent: (flags & 1) === 1 ? (bytes[at + 3] ?? 0) : null,
    disposal: method === 2 ? 'clear' : method === 3 ? 'restore' : 'keep',
    delayMs: delay < SHORTEST_DELAY ? UNSTATED_DELAY_MS : delay * 10,
  };
}

function readPicture(
  bytes: Uint8Array,
  start: number,
  shared: Uint8Array,
  control: Control,
): { picture: GifPicture; end: number } {
  const flags = bytes[start + 9] ?? 0;
  const own = colorTable(bytes, start + 10, flags);
  const dataAt = start + 10 + own.length;
  const codeSize = bytes[dataAt] ?? 0;
  const { codes, end } = subBlocks(bytes, dataAt + 1);
  const picture = {
    left: word(bytes, start + 1),
    top: word(bytes, start + 3),
    width: word(bytes, start + 5),
    height: word(bytes, start + 7),
    interlaced: (flags & 0x40) !== 0,
    palette: own.length > 0 ? own : shared,
    codeSize,
    codes,
    ...control,
  };
  return { picture, end };
}

/** Empty when the flags say that there is none. */
function colorTable(bytes: Uint8Array, at: number, flags: number): Uint8Array {
  if ((flags & 0x80) === 0) return new Uint8Array(0);
  const length = 3 * 2 ** ((flags & 7) + 1);
  if (at + length > bytes.length) throw tooShort(at + length, bytes.length);
  return bytes.subarray(at, at + length);
}

function subBlocks(bytes: Uint8Array, start: number): { codes: Uint8Array; end: number } {
  const parts: Uint8Array[] = [];
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || at + 1 + length > bytes.length) {
      throw tooShort(at + 1 + (length ?? 0), bytes.length);
    }
    at += 1 + length;
    if (length === 0) return { codes: Buffer.concat(parts), end: at };
    parts.push(bytes.subarray(at - length, at));
  }
}

const word = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);

const tooShort = (expected: number, actual: number): KeysliceError =>
  new KeysliceError('FILE_TRUNCATED', { expected, actual });
