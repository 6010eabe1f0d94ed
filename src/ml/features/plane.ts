import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';

/** Longest side of a reduced frame. */
export const PLANE_SIZE = 256;

/** One frame reduced by a whole factor. On shared memory, so that any worker can compare it with its neighbours. */
export interface FramePlane {
  rows: number;
  columns: number;
  /** 1: grey; 3: red, green, blue, one plane after the other. */
  channels: 1 | 3;
  /** channels × rows × columns. Modality value = scale × value + a constant of the frame. */
  values: Float32Array<SharedArrayBuffer>;
  scale: number;
}

/** How a frame of some size is reduced (docs/das.md section 2). */
export interface Reduction {
  /** Whole number of pixels per side of a block. */
  factor: number;
  rows: number;
  columns: number;
}

export function reductionOf(rows: number, columns: number): Reduction {
  const factor = Math.max(1, Math.ceil(Math.max(rows, columns) / PLANE_SIZE));
  return { factor, rows: Math.ceil(rows / factor), columns: Math.ceil(columns / factor) };
}

/** First pixel and the pixel after the last one of a thumbnail cell; never empty, also where pixels are fewer than cells. */
export function cellRange(cell: number, pixels: number): readonly [number, number] {
  const from = Math.floor((cell * pixels) / THUMBNAIL_SIZE);
  return [from, Math.max(from + 1, Math.floor(((cell + 1) * pixels) / THUMBNAIL_SIZE))];
}

export function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}
