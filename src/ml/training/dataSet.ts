/** Labelled volumes as plain arrays: what training and evaluation read. */
export const SPLITS = ['train', 'val', 'test'] as const;
export type SplitName = (typeof SPLITS)[number];

export interface LabelledVolumes {
  readonly count: number;
  /** Frames, rows and columns of every volume. */
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  /** count × frames × rows × columns. */
  readonly voxels: Uint8Array;
  /** One class index per volume. */
  readonly labels: Uint8Array;
  /** Patient of every volume, numbered from 0 within the split; absent: every volume stands for itself. */
  readonly groups?: readonly number[];
}

export interface DataSet {
  readonly name: string;
  readonly md5: string;
  readonly licence: string;
  readonly citation: string;
  readonly classes: readonly string[];
  /** `mask`: 0 and one other value; the classifier sees 0 and 1. `grey`: 0…255, seen as 0…1. */
  readonly pixels: 'mask' | 'grey';
  readonly splits: Readonly<Record<SplitName, LabelledVolumes>>;
}

/** Pixels of one volume as the classifier sees them: frames × rows × columns in [0, 1]. */
export function volumePixels(volumes: LabelledVolumes, index: number): Float32Array {
  const length = volumes.frames * volumes.rows * volumes.columns;
  const pixels = new Float32Array(length);
  const start = index * length;
  for (let i = 0; i < length; i++) pixels[i] = volumes.voxels[start + i]! / 255;
  return pixels;
}
