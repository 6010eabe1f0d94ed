/** Entropy-coded blocks of coefficients, Huffman coding: sequential (ITU-T T.81 F.2) and progressive (G.2). */
import { frameFailed } from './codec.ts';
import type { BlockDecoder, DctScan, ScanComponent } from './dctScan.ts';
import type { HuffmanTable } from './huffmanTable.ts';
import type { JpegBitReader } from './jpegBitReader.ts';
import { ZIGZAG } from './quantizationTable.ts';

/** A run of sixteen zeros (F.1.2.2.1). */
const ZERO_RUN = 0xf0;

function present(table: HuffmanTable | undefined): HuffmanTable {
  if (table === undefined) throw frameFailed('a Huffman table is missing');
  return table;
}

function outside(): never {
  throw frameFailed('the JPEG data hold more coefficients than a block has');
}

/** The decoder of a scan's blocks. */
export function blockDecoder(reader: JpegBitReader, scan: DctScan, progressive: boolean): BlockDecoder {
  if (!progressive) return new SequentialBlocks(reader);
  if (scan.from === 0) return new DcBlocks(reader, scan);
  return scan.high === 0 ? new AcBlocks(reader, scan) : new AcRefinement(reader, scan);
}

class SequentialBlocks implements BlockDecoder {
  readonly #reader: JpegBitReader;

  constructor(reader: JpegBitReader) {
    this.#reader = reader;
  }

  block(part: ScanComponent, at: number): void {
    const reader = this.#reader;
    const { coefficients } = part.component;
    const ac = present(part.ac);
    part.predicted += reader.difference(reader.symbol(present(part.dc)));
    coefficients[at] = part.predicted;
    for (let k = 1; k < 64; k++) {
      const symbol = reader.symbol(ac);
      const size = symbol & 15;
      if (size === 0 && symbol !== ZERO_RUN) return;
      k += symbol >> 4;
      if (k > 63) outside();
      if (size > 0) coefficients[at + ZIGZAG[k]!] = reader.difference(size);
    }
  }

  restart(): void {
    // Nothing is carried from block to block but the prediction, which the scan keeps.
  }
}

/** DC coefficients: their high bits, then one bit at a time (G.1.2.1). */
class DcBlocks implements BlockDecoder {
  readonly #reader: JpegBitReader;
  readonly #refines: boolean;
  readonly #low: number;

  constructor(reader: JpegBitReader, { high, low }: DctScan) {
    this.#reader = reader;
    this.#refines = high > 0;
    this.#low = low;
  }

  block(part: ScanComponent, at: number): void {
    const { coefficients } = part.component;
    if (this.#refines) {
      coefficients[at]! |= this.#reader.bits(1) << this.#low;
      return;
    }
    part.predicted += this.#reader.difference(this.#reader.symbol(present(part.dc)));
    coefficients[at] = part.predicted << this.#low;
  }

  restart(): void {
    // As in sequential scans.
  }
}

/** The first scan of a band of AC coefficients; runs of blocks may end at once (G.1.2.2). */
class AcBlocks implements BlockDecoder {
  readonly #reader: JpegBitReader;
  readonly #scan: DctScan;
  /** Further blocks without coefficients in this band. */
  #endRun = 0;

  constructor(reader: JpegBitReader, scan: DctScan) {
    this.#reader = reader;
    this.#scan = scan;
  }

  block(part: ScanComponent, at: number): void {
    if (this.#endRun > 0) {
      this.#endRun--;
      return;
    }
    const reader = this.#reader;
    const { from, to, low } = this.#scan;
    const { coefficients } = part.component;
    const ac = present(part.ac);
    for (let k = from; k <= to; k++) {
      const symbol = reader.symbol(ac);
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && symbol !== ZERO_RUN) {
        this.#endRun = (1 << run) + reader.bits(run) - 1;
        return;
      }
      k += run;
      if (k > to) outside();
      if (size > 0) coefficients[at + ZIGZAG[k]!] = reader.difference(size) << low;
    }
  }

  restart(): void {
    this.#endRun = 0;
  }
}

/** One more bit of the coefficients of a band, and those that become other than zero by it (G.1.2.3). */
class AcRefinement implements BlockDecoder {
  readonly #reader: JpegBitReader;
  readonly #scan: DctScan;
  readonly #bit: number;
  #endRun = 0;

  constructor(reader: JpegBitReader, scan: DctScan) {
    this.#reader = reader;
    this.#scan = scan;
    this.#bit = 1 << scan.low;
  }

  block(part: ScanComponent, at: number): void {
    const { from, to } = this.#scan;
    const { coefficients } = part.component;
    let k = from;
    while (k <= to && this.#endRun === 0) {
      const symbol = this.#reader.symbol(present(part.ac));
      const run = symbol >> 4;
      if ((symbol & 15) === 0 && symbol !== ZERO_RUN) {
        this.#endRun = (1 << run) + this.#reader.bits(run);
        break;
      }
      k = this.#refineRun(coefficients, at, k, run, this.#newValue(symbol & 15));
    }
    if (this.#endRun === 0) return;
    this.#endRun--;
    for (; k <= to; k++) this.#refine(coefficients, at + ZIGZAG[k]!);
  }

  restart(): void {
    this.#endRun = 0;
  }

  #newValue(size: number): number {
    if (size === 0) return 0;
    if (size !== 1) throw frameFailed('the JPEG data refine a coefficient by more than one bit');
    return this.#reader.bits(1) === 1 ? this.#bit : -this.#bit;
  }

  /** Passes `run` zeros, refining what lies between, and puts `value` on the next. @returns where to go on */
  #refineRun(coefficients: Int16Array, at: number, from: number, run: number, value: number): number {
    let zeros = run;
    for (let k = from; k <= this.#scan.to; k++) {
      const place = at + ZIGZAG[k]!;
      if (coefficients[place] !== 0) this.#refine(coefficients, place);
      else if (zeros-- === 0) {
        coefficients[place] = value;
        return k + 1;
      }
    }
    return outside();
  }

  #refine(coefficients: Int16Array, place: number): void {
    const value = coefficients[place]!;
    if (value !== 0 && this.#reader.bits(1) === 1)
      coefficients[place] = value + (value > 0 ? this.#bit : -this.#bit);
  }
}
