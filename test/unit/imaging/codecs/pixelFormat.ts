import type { PixelFormat } from '../../../../src/contract/series.ts';

/** Unsigned grey of 16 bits, 4 × 3, with what the test changes. */
export function pixelFormat(changes: Partial<PixelFormat> = {}): PixelFormat {
  const bitsAllocated = changes.bitsAllocated ?? 16;
  const bitsStored = changes.bitsStored ?? bitsAllocated;
  return {
    rows: 3,
    columns: 4,
    samplesPerPixel: 1,
    photometric: changes.samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
    bitsAllocated,
    bitsStored,
    highBit: bitsStored - 1,
    signed: false,
    number: 'integer',
    planarConfiguration: 0,
    littleEndian: true,
    palette: null,
    padding: null,
    ...changes,
  };
}
