import type { Card } from '../../contract/card.ts';
import type { FrameFeatures } from '../../contract/sampling.ts';

/** Labelled volumes as plain arrays: what training and evaluation read. */
export const SPLITS = ['train', 'val', 'test'] as const;
export type SplitName = (typeof SPLITS)[number];

export interface LabelledVolumes {
  readonly count: number;
  /** Frames, rows and columns of every volume; where `frameCounts` is there, the frames that training brings each to. */
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  /** Frames of each volume, where they differ. */
  readonly frameCounts?: readonly number[];
  /** Volume after volume, frames × rows × columns each. Bytes, or modality values (NaN: no value). */
  readonly voxels: Uint8Array | Float32Array;
  /** Values that become 0 and 1; what lies outside is clamped. Absent: 0 and 255. */
  readonly range?: readonly [number, number];
  /** Features of each volume, measured on the frames as they were before they were resampled. */
  readonly features?: readonly FrameFeatures[];
  /** One class index per volume. */
  readonly labels: Uint8Array;
  /** Patient of every volume, numbered from 0 within the split; absent: every volume stands for itself. */
  readonly groups?: readonly number[];
}

/** What a package that is trained on a folder of studies says of them. */
export interface FolderFacts {
  readonly range: readonly [number, number];
  readonly scope: Omit<Card['scope'], 'featureLimit'>;
}

export interface DataSet {
  readonly name: string;
  readonly md5: string;
  readonly licence: string;
  readonly citation: string;
  readonly classes: readonly string[];
  /** `mask`: 0 and one other value; the classifier sees 0 and 1. `grey`: seen as 0…1. */
  readonly pixels: 'mask' | 'grey';
  readonly splits: Readonly<Record<SplitName, LabelledVolumes>>;
  /** Absent: a published data set. */
  readonly folder?: FolderFacts;
}

export function frameCount({ frames, frameCounts }: LabelledVolumes, index: number): number {
  return frameCounts?.[index] ?? frames;
}

/** Pixels of one volume as the classifier sees them: frames × rows × columns in [0, 1]. */
export function volumePixels(volumes: LabelledVolumes, index: number): Float32Array {
  const { rows, columns, voxels, range: [low, high] = BYTES } = volumes;
  let framesBefore = 0;
  for (let i = 0; i < index; i++) framesBefore += frameCount(volumes, i);
  const start = framesBefore * rows * columns;
  const pixels = new Float32Array(frameCount(volumes, index) * rows * columns);
  for (let i = 0; i < pixels.length; i++) {
    const value = voxels[start + i]!;
    pixels[i] = Number.isFinite(value) ? (Math.min(high, Math.max(low, value)) - low) / (high - low) : 0;
  }
  return pixels;
}

const BYTES = [0, 255] as const;
