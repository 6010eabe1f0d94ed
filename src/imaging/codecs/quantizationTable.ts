/** Quantisation tables of JPEG (ITU-T T.81 B.2.4.1) in the order of rows. */
import { frameFailed } from './codec.ts';

const BLOCK = 64;

/** Place in an 8 × 8 block, by rows, of each coefficient as it is coded (T.81 figure A.6). */
export const ZIGZAG = zigzag();

function zigzag(): Uint8Array {
  const order = new Uint8Array(BLOCK);
  let index = 0;
  for (let diagonal = 0; diagonal < 15; diagonal++) {
    const from = Math.max(0, diagonal - 7);
    for (let i = from; i <= diagonal - from; i++) {
      const [row, column] = diagonal % 2 === 0 ? [diagonal - i, i] : [i, diagonal - i];
      order[index++] = row * 8 + column;
    }
  }
  return order;
}

export interface DefinedQuantization {
  destination: number;
  /** 64 steps, by rows. */
  steps: Uint16Array;
}

/** The tables of one DQT segment. @throws KeysliceError FRAME_FAILED */
export function quantizationTables(data: Uint8Array): DefinedQuantization[] {
  const tables: DefinedQuantization[] = [];
  for (let at = 0; at < data.length;) {
    const which = data[at]!;
    const width = which >> 4 === 0 ? 1 : 2;
    const stored = data.subarray(at + 1, at + 1 + BLOCK * width);
    if (stored.length < BLOCK * width) throw frameFailed('a quantisation table is cut off');
    const steps = new Uint16Array(BLOCK);
    for (let i = 0; i < BLOCK; i++) {
      steps[ZIGZAG[i]!] = width === 1 ? stored[i]! : stored[2 * i]! * 256 + stored[2 * i + 1]!;
    }
    tables.push({ destination: which & 15, steps });
    at += 1 + BLOCK * width;
  }
  return tables;
}
