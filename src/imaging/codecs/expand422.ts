import type { StoredArray } from '../../contract/frame.ts';
import { frameFailed } from './codec.ts';

/**
 * YBR_FULL_422 as stored (Y1 Y2 Cb Cr for two pixels of a row, PS3.3 C.7.6.3.1.2) to Y Cb Cr for each pixel: both
 * pixels get the chroma they share. @throws KeysliceError FRAME_FAILED when rows are not whole pairs
 */
export function expand422(stored: StoredArray, rows: number, columns: number): StoredArray {
  if (columns % 2 !== 0) throw frameFailed(`YBR 4:2:2 with an odd number of columns (${columns})`);
  const count = rows * columns;
  const full = stored instanceof Uint8Array ? new Uint8Array(count * 3) : new Uint16Array(count * 3);
  for (let from = 0, to = 0; to < full.length; from += 4, to += 6) {
    full[to] = stored[from]!;
    full[to + 3] = stored[from + 1]!;
    full[to + 1] = full[to + 4] = stored[from + 2]!;
    full[to + 2] = full[to + 5] = stored[from + 3]!;
  }
  return full;
}
