import type { ReviewDocument, TriageDocument } from '../contract/documents.ts';
import type { Series } from '../contract/series.ts';
import type { FrameSelection } from './frameSelection.ts';
import type { Producer } from './producer.ts';
import type { StoredFrames } from './storedFrames.ts';

export type ExportFormat = 'dicom' | 'nifti' | 'json';

export interface ExportRequest {
  series: Series;
  /** What was opened: the target may not lie in it, and sources are named from it. */
  studyPath: string;
  /** Frame numbers in the series, from 0, over all phases. */
  frames: readonly number[];
  /** `json` alone writes `triage.json` only; it is written in any case. */
  formats: readonly ExportFormat[];
  target: string;
  overwrite: boolean;
  triage: TriageDocument;
  review: ReviewDocument | null;
  /** `new`: the reduced series gets a study of its own. */
  studyMode: 'same' | 'new';
  producer: Producer;
  /** What chose the frames, with its version: goes into Derivation Description. ASCII. */
  algorithm: string;
  signal?: AbortSignal | undefined;
  /** Frames written and frames read back, of all. */
  onProgress?: (done: number, total: number) => void;
}

/** A request on its way: what all formats work from. */
export interface ExportJob {
  request: ExportRequest;
  selection: FrameSelection;
  /** Stored bytes of the source. */
  stored: StoredFrames;
  onFrames: (count: number) => void;
}
