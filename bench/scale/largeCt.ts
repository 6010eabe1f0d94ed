import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ctSlice } from '../../test/fixtures/ctSlice.ts';
import { dicomFile } from '../../test/fixtures/dicomFile.ts';

const SIDE = 512;

/** Writes a CT of `count` slices of 512 × 512 pixels of 16 bits, 0.5 MB each; every slice is another picture. */
export function writeLargeCt(folder: string, count: number): void {
  mkdirSync(folder, { recursive: true });
  const pixels = new Int16Array(SIDE * SIDE);
  for (let index = 0; index < count; index++) {
    drawSlice(pixels, index);
    const elements = ctSlice({ rows: SIDE, columns: SIDE, spacing: 0.5, index, pixels });
    writeFileSync(join(folder, `slice-${String(index + 1).padStart(4, '0')}.dcm`), dicomFile(elements));
  }
}

/** A disc that wanders with the slices on a ramp. */
function drawSlice(pixels: Int16Array, index: number): void {
  const middle = SIDE / 2 + 100 * Math.sin(index / 50);
  for (let row = 0; row < SIDE; row++) {
    for (let column = 0; column < SIDE; column++) {
      const inside = (row - middle) ** 2 + (column - SIDE / 2) ** 2 < 14_400;
      pixels[row * SIDE + column] = inside ? 1064 + ((row * column) & 31) : (index & 255) + column;
    }
  }
}
