/** The JSON documents of the command line (docs/cli.md). A public contract: keys and codes are checked exactly. */
import type { Failure, Warning } from './errors.ts';
import type { ComparedName, RebuildQuality, SamplerName } from './sampling.ts';
import type { Matrix4, Orientation, Vec3 } from './series.ts';

/** Warnings and failures as printed: without the facts that the sentence was made from. */
export type WarningDocument = Pick<Warning, 'code' | 'message'>;

export interface SeriesDocument {
  index: number;
  id: string;
  studyUid: string | null;
  format: 'dicom' | 'nifti' | 'video';
  kind: 'volume' | 'cine' | 'images';
  modality: string;
  description: string;
  frames: number;
  phases: number;
  rows: number;
  columns: number;
  samplesPerPixel: number;
  photometric: string;
  bitsStored: number;
  signed: boolean;
  transferSyntaxes: readonly string[];
  pixelSpacing: readonly [number, number] | null;
  sliceSpacing: number | null;
  orientation: Orientation | null;
  positionFirst: Vec3 | null;
  positionLast: Vec3 | null;
  affine: Matrix4 | null;
  frameTimeMs: number | null;
  sortedBy: string;
  warnings: readonly WarningDocument[];
}

export interface InfoDocument {
  keyslice: string;
  path: string;
  series: readonly SeriesDocument[];
  failures: readonly Failure[];
}

export interface FrameDocument {
  rows: number;
  columns: number;
  samples: number;
  dtype: string;
  min: number;
  max: number;
  mean: number;
  sha256: string;
  sopInstanceUid: string | null;
  sourceFrame: number;
  position: Vec3 | null;
  path: string;
}

export interface ClassificationDocument {
  package: string;
  version: string;
  labels: readonly string[];
  /** Null when the series is out of the package's scope. */
  probabilities: readonly number[] | null;
  label: string | null;
  inScope: boolean;
  reason: string | null;
}

export interface EngineDocument {
  name: string;
  device: string;
  threads: number;
}

/** Milliseconds of one run; `features` is the time of the feature pass even when it overlaps decoding. */
export interface StageTimes {
  open: number;
  decode: number;
  features: number;
  sample: number;
  classify: number;
  total: number;
}

export interface TriageDocument {
  series: { index: number; id: string; frames: number };
  k: number;
  ratio: number;
  sampler: {
    name: SamplerName;
    package: string | null;
    version: string | null;
    base: string | null;
    features: string | null;
  };
  scores: readonly (number | null)[];
  selected: readonly number[];
  proposal?: readonly number[];
  temperature: number | null;
  features: { names: readonly string[]; values?: readonly (readonly number[] | null)[] };
  classification: ClassificationDocument | null;
  quality?: RebuildQuality;
  engine: { sampler: EngineDocument | null; classifier: EngineDocument | null };
  ms: StageTimes;
  fullSequence?: {
    classification: ClassificationDocument;
    agrees: boolean;
    ms: number;
    /** Share of the full sequence's time that the reduced run saved. */
    saved: number;
  } | null;
  matrix?: readonly (readonly number[])[];
  warnings: readonly WarningDocument[];
  failures: readonly Failure[];
}

/** What a person decided about a study; travels in triage.json. */
export interface ReviewDocument {
  verdict: 'accepted' | 'amended' | 'rejected' | null;
  decidedAt: string | null;
  package: string | null;
  version: string | null;
  added: readonly number[];
  removed: readonly number[];
  viewed: readonly number[];
}

export interface ExportedFile {
  path: string;
  bytes: number;
  sha256: string;
  kind: string;
}

export interface ExportDocument {
  out: string;
  files: readonly ExportedFile[];
  selected: readonly number[];
  /** Per selected frame its zero-based index in its file. */
  selectedSource: readonly number[];
  warnings: readonly WarningDocument[];
}

export interface SourceHash {
  path: string;
  bytes: number;
  sha256: string;
}

/** `triage.json` of an export. */
export interface TriageFileDocument extends TriageDocument {
  keyslice: string;
  use: 'research use, not for diagnosis';
  sources: readonly SourceHash[];
  review?: ReviewDocument;
}

export interface ModelsDocument {
  models: readonly {
    id: string;
    version: string;
    title: string;
    task: string;
    licence: string;
    ok: boolean;
    path: string;
  }[];
}

export interface TrainDocument {
  run: string;
  epochs: number;
  best: { epoch: number; loss: number; auc: number | null };
  /** Epochs at whose end the sampler had collapsed (docs/das.md section 6). */
  collapsed: readonly { epoch: number; kind: 'noise' | 'input' }[];
}

export interface EvaluateDocument {
  model: string;
  data: { name: string; md5: string };
  split: 'val' | 'test';
  n: number;
  ratio: number;
  sampler: ComparedName;
  /** `auc` is null when the split holds one class only. */
  metrics: { auc: number | null; accuracy: number; balancedAccuracy: number };
  ci95: { auc: readonly [number, number] | null };
  ms: number;
}

/** One series with a share of its frames kept. Errors are shares of its variance, gains as in `RebuildQuality`. */
export interface SeriesGain extends RebuildQuality {
  /** The series' id. */
  path: string;
  /** Its file, or the folder of its files, below `--data`; with a number where that holds several series. */
  place: string;
  frames: number;
  ratio: number;
  k: number;
  /** True when the package was trained on it: such figures say nothing of other series. */
  trained: boolean;
  /** Rebuild errors of what the result is compared with; `error`, `uniform` and `optimal` stand beside. */
  errors: {
    /** The learned density alone, before polish and guard. */
    proposal: number;
    /** Coordinate descent from the proposal, never above uniform. */
    descent: number;
    /** The rule curvature^{2/5}. */
    rule: number;
    /** Greedy k-centre on the thumbnails. */
    farthest: number;
    /** Mean over random draws. */
    random: number;
  };
}

export interface GainDocument {
  series: readonly SeriesGain[];
  /** Series that were not measured, and why. */
  skipped: readonly { place: string; frames: number; reason: string }[];
}
