import { KeysliceError } from '../../contract/errors.ts';

/** 8192 × 8192: four times the pixels of 8K. */
export const MAX_PICTURE_PIXELS = 2 ** 26;
const MAX_PICTURES = 200_000;
/** Of one video, unpacked. */
export const MAX_UNPACKED_BYTES = 16 * 2 ** 30;
export const DECODE_LIMIT_MS = 10 * 60_000;

/** @throws KeysliceError LIMIT_EXCEEDED, HEADER_INCONSISTENT */
export function checkPictureSize(rows: number, columns: number): void {
  if (rows < 1 || columns < 1)
    throw new KeysliceError('HEADER_INCONSISTENT', { reason: `its pictures are ${columns} × ${rows}` });
  checkLimit('The number of pixels of a picture', rows * columns, MAX_PICTURE_PIXELS);
}

/** @throws KeysliceError LIMIT_EXCEEDED */
export function checkPictureCount(count: number): void {
  checkLimit('The number of pictures of the video', count, MAX_PICTURES);
}

/** @throws KeysliceError LIMIT_EXCEEDED */
export function checkLimit(what: string, actual: number, limit: number): void {
  if (actual > limit) throw new KeysliceError('LIMIT_EXCEEDED', { what, actual, limit });
}
