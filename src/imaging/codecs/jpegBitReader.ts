/** Bits of entropy-coded JPEG data (ITU-T T.81 F.2.2.5): a stuffed zero follows every FF, a marker ends the data. */
import { frameFailed } from './codec.ts';
import { LOOKUP_BITS } from './huffmanTable.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import type { KeysliceError } from '../../contract/errors.ts';

const RST0 = 0xd0;

export class JpegBitReader {
  /** The image row that is being decoded: errors say how far the data went. */
  row = 0;
  readonly #rows: number;
  readonly #bytes: Uint8Array;
  #at = 0;
  #bits = 0;
  #count = 0;
  #restarts = 0;

  /** @param rows rows of the image, for what errors say */
  constructor(bytes: Uint8Array, rows: number) {
    this.#bytes = bytes;
    this.#rows = rows;
  }

  /** Goes on with the entropy-coded data at `offset`. */
  startScan(offset: number): void {
    this.#at = offset;
    this.#count = 0;
    this.#restarts = 0;
    this.row = 0;
  }

  /** The next symbol. @throws KeysliceError FRAME_FAILED at the end of the data or for a code that does not exist */
  symbol(table: HuffmanTable): number {
    if (this.#count < LOOKUP_BITS) this.#fill();
    if (this.#count >= LOOKUP_BITS) {
      const found = table.lookup[(this.#bits >>> (this.#count - LOOKUP_BITS)) & ((1 << LOOKUP_BITS) - 1)]!;
      if (found !== 0) {
        this.#count -= found >> 8;
        return found & 255;
      }
    }
    return this.#longSymbol(table);
  }

  /** The next `size` bits, at most 16, as an unsigned number. @throws KeysliceError FRAME_FAILED at the end */
  bits(size: number): number {
    if (this.#count < size) this.#fill();
    if (this.#count < size) throw this.#failure('the JPEG data ends too early');
    this.#count -= size;
    return (this.#bits >>> this.#count) & ((1 << size) - 1);
  }

  /** A difference of `size` bits as T.81 table F.1 and EXTEND (F.2.2.1) define it; size 16 has no bits: 32768. */
  difference(size: number): number {
    if (size === 0) return 0;
    if (size === 16) return 32768;
    if (size > 16) throw this.#failure(`the JPEG data hold a difference of ${size} bits`);
    const value = this.bits(size);
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Skips to the next byte and over the restart marker whose turn it is. @throws KeysliceError FRAME_FAILED */
  restart(): void {
    this.#toMarker();
    const expected = RST0 + (this.#restarts++ & 7);
    if (this.#bytes[this.#at] !== 0xff || this.#bytes[this.#at + 1] !== expected) {
      throw this.#failure('a restart marker is missing in the JPEG data');
    }
    this.#at += 2;
  }

  /**
   * The end of the scan: what follows the last sample is padding and a marker, or the end of the bytes. Anything
   * else means that these were not the samples (zeros in the place of a lost end decode as well as any data).
   * @returns where the next marker, or the end, is
   * @throws KeysliceError FRAME_FAILED
   */
  finish(): number {
    this.#toMarker();
    const next = this.#bytes[this.#at + 1];
    // Some encoders end the last interval with a restart marker too.
    if (this.#bytes[this.#at] === 0xff && next === RST0 + (this.#restarts & 7)) this.restart();
    const ended = this.#at >= this.#bytes.length - 1;
    if (ended || this.#bytes[this.#at] === 0xff) return this.#at;
    throw frameFailed(`the JPEG data go on after the last of ${this.#rows} rows`);
  }

  /** A coded failure that says how far the data went. */
  #failure(reason: string): KeysliceError {
    return frameFailed(`${reason}: in row ${Math.min(this.row, this.#rows)} of ${this.#rows}`);
  }

  #longSymbol(table: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.bits(1);
      if (code <= table.maxCode[length]!) return table.values[code + table.offset[length]!]!;
    }
    throw this.#failure('the JPEG data holds a code that does not exist');
  }

  /** Whole bytes that were read ahead are given back, then fill bytes are passed over (T.81 B.1.1.2). */
  #toMarker(): void {
    for (let whole = this.#count >> 3; whole > 0; whole--) {
      this.#at -= this.#bytes[this.#at - 2] === 0xff && this.#bytes[this.#at - 1] === 0 ? 2 : 1;
    }
    this.#count = 0;
    while (this.#bytes[this.#at] === 0xff && this.#bytes[this.#at + 1] === 0xff) this.#at++;
  }

  /** As many bytes as fit in 32 bits and are there. */
  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 24) {
      const byte = bytes[this.#at];
      if (byte === undefined) return;
      if (byte === 0xff) {
        if (bytes[this.#at + 1] !== 0) return;
        this.#at++;
      }
      this.#at++;
      this.#bits = (this.#bits << 8) | byte;
      this.#count += 8;
    }
  }
}
