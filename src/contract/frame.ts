/** A decoded frame: stored values of grey images, RGB of coloured ones. */
import type { ModalityTransform, Palette, PixelFormat } from './series.ts';
import type { Warning } from './errors.ts';

export type StoredArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export type StoredType = 'uint8' | 'int8' | 'uint16' | 'int16' | 'uint32' | 'int32' | 'float32' | 'float64';

export interface Frame {
  rows: number;
  columns: number;
  /** 1: grey stored values; 3: RGB interleaved, whatever the file's photometric interpretation was. */
  samples: 1 | 3;
  dtype: StoredType;
  /** rows × columns × samples, row by row. */
  values: StoredArray;
  /** Smallest and largest stored value, padding and non-finite values left out. */
  min: number;
  max: number;
  modality: ModalityTransform;
  padding: PixelFormat['padding'];
  /** MONOCHROME1: the smallest value is shown white. */
  inverted: boolean;
  /** One byte per pixel, 1 where an overlay plane is set (PS3.3 C.9.2); absent: no overlay. No part of the values. */
  overlay?: Uint8Array;
  /** The colours of stored values from its `first` on, as the file wants them shown (PS3.3 C.7.6.19). */
  supplemental?: Palette;
  warnings: readonly Warning[];
}
