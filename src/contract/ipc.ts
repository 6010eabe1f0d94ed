/**
 * Every message between the window and the program, in one place (docs/architecture.md, IPC).
 * The page calls `window.keyslice.<verb>(request)`; requests are parsed with the schemas here on the main side.
 * Answers are `Answer<T>`: a coded error is an answer, never an exception across the boundary.
 */
import { z } from 'zod';
import { ENGINE_CHOICES, type EngineChoice } from './engineChoice.ts';
import type { ErrorReport, Failure, Warning } from './errors.ts';
import type { ClassificationDocument, EngineDocument, ReviewDocument, StageTimes } from './documents.ts';
import type { StoredType } from './frame.ts';
import type { RebuildQuality, SamplerName } from './sampling.ts';
import { SAMPLER_NAMES } from './sampling.ts';
import type { CineTiming, Orientation, Vec3, VoiTransform } from './series.ts';

export type Answer<T> = { ok: true; value: T } | { ok: false; error: ErrorReport };

const seriesId = z.string().min(1).max(4096);
const frame = z.number().int().min(0).max(1_000_000);
const phase = z.number().int().min(0).max(100_000);
const paths = z.array(z.string().min(1).max(32_768)).min(1).max(10_000);

/** Requests by verb. A verb that is not here does not exist. */
export const REQUESTS = {
  /** Versions, runtime, engine, settings: what the window shows before any study. */
  appInfo: z.object({}).strict(),
  openDialog: z.object({ what: z.enum(['folder', 'files']) }).strict(),
  /** Sent by the preload only, with paths that the system resolved from a drop. */
  openDropped: z.object({ paths }).strict(),
  openSample: z.object({}).strict(),
  openRecent: z.object({ index: z.number().int().min(0).max(50) }).strict(),
  closeStudy: z.object({}).strict(),
  /** Makes a series the shown one: its frames stream in, scores follow. What was queued for another is cancelled. */
  showSeries: z.object({ seriesId, phase }).strict(),
  frame: z.object({ seriesId, frame, urgent: z.boolean() }).strict(),
  thumbnail: z.object({ seriesId, frame, size: z.number().int().min(16).max(256) }).strict(),
  /** Instant: scores are kept. `k` or `ratio`. */
  setSelection: z
    .object({
      seriesId,
      phase,
      size: z.union([
        z.object({ k: z.number().int().min(1).max(1_000_000) }).strict(),
        z.object({ ratio: z.number().gt(0).max(1) }).strict(),
      ]),
      sampler: z.enum(SAMPLER_NAMES),
      /** Hand-made choices are kept unless the person agreed to drop them. */
      dropHandmade: z.boolean(),
    })
    .strict(),
  toggleKeyFrame: z.object({ seriesId, phase, frame }).strict(),
  /** Runs the whole sequence too, for agreement and time. */
  compareFull: z.object({ seriesId, phase }).strict(),
  markViewed: z.object({ seriesId, phase, frames: z.array(frame).max(10_000) }).strict(),
  setVerdict: z
    .object({ seriesId, phase, verdict: z.enum(['accepted', 'amended', 'rejected']).nullable() })
    .strict(),
  /** Asks for a folder with the system's dialog; answers null when the person cancelled. */
  chooseExportTarget: z.object({ seriesId }).strict(),
  /** Writes to the folder chosen last for this series. */
  exportStudy: z
    .object({ seriesId, phase, formats: z.array(z.enum(['dicom', 'nifti', 'json'])).max(3) })
    .strict(),
  showExport: z.object({ out: z.string().min(1).max(32_768) }).strict(),
  cancel: z.object({ job: z.string().min(1).max(64) }).strict(),
  setSettings: z
    .object({
      memoryMb: z.number().int().min(128).max(65_536).optional(),
      engine: z.enum(ENGINE_CHOICES).optional(),
      theme: z.enum(['dark', 'light']).optional(),
    })
    .strict(),
} as const satisfies Record<string, z.ZodType>;

export type Verb = keyof typeof REQUESTS;
export type Request<V extends Verb> = z.infer<(typeof REQUESTS)[V]>;

export interface Settings {
  /** One byte budget for decoded frames. */
  memoryMb: number;
  engine: EngineChoice;
  theme: 'dark' | 'light';
}

export interface EngineReport {
  /** Null until the engine has been chosen. */
  chosen: EngineDocument | null;
  /** One clear line: which engine runs and why the others do not. */
  line: string;
  refused: readonly { name: string; reason: string }[];
}

export interface AppInfo {
  version: string;
  electron: string;
  chromium: string;
  /** How the runtime was resolved; shown in About. */
  runtimeNote: string;
  sandboxed: boolean;
  softwareRendering: boolean;
  engine: EngineReport;
  settings: Settings;
  recent: readonly { label: string; detail: string }[];
  hasSample: boolean;
}

/** What the window knows of a series. Frame numbers are zero-based; the window shows them 1-based. */
export interface SeriesView {
  id: string;
  index: number;
  format: 'dicom' | 'nifti' | 'video';
  /** What an export writes unless it is told otherwise; `json`: the images cannot be written, only `triage.json`. */
  exportFormat: 'dicom' | 'nifti' | 'json';
  kind: 'volume' | 'cine' | 'images';
  modality: string;
  description: string;
  /** Whose images these are: a folder may hold several people's. */
  patient: string;
  /** Description and date of its study; empty where the files give none. */
  study: string;
  rows: number;
  columns: number;
  color: boolean;
  /** Frames of one phase. */
  frames: number;
  phases: number;
  pixelSpacing: readonly [number, number] | null;
  spacingNote: string | null;
  sliceSpacing: number | null;
  frameOfReferenceUid: string | null;
  /** Per frame over all phases, phase by phase. */
  positions: readonly (Vec3 | null)[];
  orientations: readonly (Orientation | null)[];
  windows: readonly VoiTransform[];
  unit: string | null;
  /** PET: SUVbw of one `unit`; null where it cannot be told. */
  suvFactor: number | null;
  cine: CineTiming | null;
  /** Ms from the start of the loop, per frame; empty outside cines. */
  frameTimesMs: readonly number[];
  sortedBy: string;
  lossy: boolean;
  /** Why axial, sagittal and coronal views are refused; null when they are offered. */
  volumeRefusal: string | null;
  warnings: readonly Warning[];
}

/** The image that was shown while the headers were read, at its place in the study. */
export interface StudyStart {
  /** Id of the series of the preview. */
  preview: string;
  seriesId: string;
  /** Over all phases. */
  frame: number;
}

export interface StudyView {
  label: string;
  detail: string;
  path: string;
  series: readonly SeriesView[];
  failures: readonly Failure[];
  /** Where to open it; null: nothing of it was shown yet. */
  start: StudyStart | null;
}

/** Values cross as their own bytes; `values` holds rows × columns × samples of `dtype`. */
export interface FrameMessage {
  rows: number;
  columns: number;
  samples: 1 | 3;
  dtype: StoredType;
  values: ArrayBuffer;
  min: number;
  max: number;
  /** Modality value = stored × slope + intercept; a modality LUT has been applied already. */
  slope: number;
  intercept: number;
  inverted: boolean;
  /** Overlay planes and supplemental colours: rows × columns × 4, RGBA, drawn over the picture; null: none. */
  drawn: ArrayBuffer | null;
  warnings: readonly Warning[];
}

export interface ThumbnailMessage {
  width: number;
  height: number;
  /** width × height × 4, RGBA. */
  pixels: ArrayBuffer;
}

export interface ClassificationView extends ClassificationDocument {
  title: string;
  /** For example "test AUC 0.84 (0.79–0.89), 298 volumes"; from the card. */
  validation: string;
}

export interface TriageView {
  seriesId: string;
  phase: number;
  /** `streaming`: scores are provisional and may still change. */
  state: 'streaming' | 'final';
  k: number;
  ratio: number;
  sampler: { name: SamplerName; title: string; package: string | null; version: string | null };
  /** Per frame; null: not known yet, or failed. */
  scores: readonly (number | null)[];
  /** What will be exported: the sampler's choice with the hand-made changes. */
  selected: readonly number[];
  added: readonly number[];
  removed: readonly number[];
  quality: RebuildQuality | null;
  classification: ClassificationView | null;
  fullSequence: { agrees: boolean; saved: number; ms: number; label: string | null } | null;
  /** Per frame the share of each feature group in its score; null while streaming. */
  reasons: { names: readonly string[]; values: readonly (readonly number[] | null)[] } | null;
  engine: EngineDocument | null;
  ms: StageTimes | null;
  review: ReviewDocument;
  warnings: readonly Warning[];
}

export interface ExportAnswer {
  out: string;
  files: number;
  bytes: number;
}

export interface Answers {
  appInfo: AppInfo;
  openDialog: StudyView | null;
  openDropped: StudyView;
  openSample: StudyView;
  openRecent: StudyView;
  closeStudy: null;
  showSeries: null;
  frame: FrameMessage;
  thumbnail: ThumbnailMessage;
  setSelection: TriageView | null;
  toggleKeyFrame: TriageView;
  compareFull: TriageView;
  markViewed: null;
  setVerdict: TriageView;
  /** A folder that is empty or not there yet: an export of the window never replaces anything. */
  chooseExportTarget: { folder: string } | null;
  exportStudy: ExportAnswer;
  showExport: null;
  cancel: null;
  setSettings: Settings;
}

export type JobKind = 'scan' | 'decode' | 'triage' | 'export';

/** One stream of events, told apart by `type`. */
export type AppEvent =
  /** A study was opened from outside the page (command line, file association, second instance). */
  | { type: 'studyOpened'; study: StudyView }
  | { type: 'openFailed'; error: ErrorReport }
  /**
   * One image of what is being opened, while the other headers are read: a series of that image alone, under an id of
   * its own. Nothing can be asked about it; `StudyView.start` says what has become of it.
   */
  | { type: 'preview'; series: SeriesView; image: FrameMessage }
  /** `done` = `total` or `ended` closes the bar. A cancelled job ends only when its work has stopped. */
  | {
      type: 'job';
      job: string;
      kind: JobKind;
      seriesId: string | null;
      done: number;
      total: number;
      ended: boolean;
      cancelled: boolean;
    }
  /** Frames that are decoded (or failed) since the last event. */
  | {
      type: 'frames';
      seriesId: string;
      decoded: readonly number[];
      failed: readonly { frame: number; error: ErrorReport }[];
    }
  | { type: 'triage'; triage: TriageView }
  /** Scores or selection could not be made; the frames are there all the same. */
  | { type: 'triageFailed'; seriesId: string; phase: number; error: ErrorReport }
  | { type: 'engine'; engine: EngineReport }
  | { type: 'memory'; usedBytes: number; limitBytes: number }
  | { type: 'command'; command: MenuCommand };

/** What the application menu asks the page to do. */
export type MenuCommand = 'openFolder' | 'openFiles' | 'export' | 'help' | 'settings' | 'about';

/** The surface that the preload puts on `window`; `openDropped` takes File objects, so the page never names a path. */
export type KeysliceBridge = {
  readonly [V in Exclude<Verb, 'openDropped'>]: (request: Request<V>) => Promise<Answer<Answers[V]>>;
} & {
  readonly openDropped: (files: readonly File[]) => Promise<Answer<StudyView>>;
  /** Returns how to stop listening. */
  readonly onEvent: (listener: (event: AppEvent) => void) => () => void;
};
