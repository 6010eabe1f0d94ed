import type { Element } from './element.ts';

/** How the pixel data of an instance are written: elements before them, their header, and their bytes. */
export interface PixelDataPlan {
  /** Extended offset tables, in place of any that the source has; null: the source's own stay. */
  offsetTables: readonly Element[] | null;
  header: Uint8Array;
  chunks: () => AsyncIterable<Uint8Array>;
}
