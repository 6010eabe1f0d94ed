import type { Producer } from '../producer.ts';
import type { Code } from './codes.ts';
import type { UidMap } from './uid.ts';

/** What all instances of one reduced series have in common. */
export interface Derivation {
  kept: number;
  total: number;
  /** Numbers of the kept frames in the series, from 1, as text. */
  frameList: string;
  /** What chose the frames, with its version. */
  algorithm: string;
  producer: Producer;
  now: Date;
  /** CID 7203; null where neither code fits. */
  imageDerivation: Code | null;
  uids: UidMap;
  seriesUid: string;
  newStudy: boolean;
  /** Distance of the kept slices in mm; null where there is no single one. */
  sliceSpacing: number | null;
  /** Distinct slice places and phases among the kept frames (PET Series, PS3.3 C.8.9.1). */
  slices: number;
  phases: number;
}

/** The image that an instance was made from. */
export interface SourceReference {
  sopClassUid: string;
  sopInstanceUid: string;
  /** Null where the source does not say. */
  studyUid: string | null;
  seriesUid: string | null;
  /** Kept frames of a multi-frame source, from 1; null for a single-frame one. */
  frames: readonly number[] | null;
}
