/** Bits of entropy-coded JPEG data (ITU-T T.81 F.2.2.5): a stuffed zero follows every FF, a marker ends the data. */
import { frameFailed } from './codec.ts';
import type { HuffmanTable } from './huffmanTable.ts';

export class JpegBitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.#at = offset;
  }

  /** The next symbol. @throws KeysliceError FRAME_FAILED at the end of the data or for a code that does not exist */
  symbol(table: HuffmanTable): number {
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      code = (code << 1) | this.#bit();
      if (code <= table.maxCode[length]!) return table.values[code + table.offset[length]!]!;
    }
    throw frameFailed('the JPEG data holds a code that does not exist');
  }

  /** A difference of `size` bits as T.81 table F.1 and EXTEND (F.2.2.1) define it; size 16 has no bits: 32768. */
  difference(size: number): number {
    if (size === 0) return 0;
    if (size === 16) return 32768;
    let value = 0;
    for (let i = 0; i < size; i++) value = (value << 1) | this.#bit();
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
  }

  /** Skips to the next byte and over a restart marker. @throws KeysliceError FRAME_FAILED when there is none */
  restart(): void {
    this.#count = 0;
    while (this.#bytes[this.#at] === 0xff && this.#bytes[this.#at + 1] === 0xff) this.#at++;
    const marker = this.#bytes[this.#at + 1];
    if (this.#bytes[this.#at] !== 0xff || marker === undefined || marker < 0xd0 || marker > 0xd7) {
      throw frameFailed('a restart marker is missing in the JPEG data');
    }
    this.#at += 2;
  }

  #bit(): number {
    if (this.#count === 0) this.#fill();
    this.#count--;
    return (this.#bits >> this.#count) & 1;
  }

  #fill(): void {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw frameFailed('the JPEG data ends too early');
    if (byte === 0xff && this.#bytes[this.#at + 1] !== 0) throw frameFailed('the JPEG data ends too early');
    this.#at += byte === 0xff ? 2 : 1;
    this.#bits = byte;
    this.#count = 8;
  }
}
