/** Nouns of the sampler (docs/das.md): features of frames, selection, classification. Plain data. */

/** Names of the handcrafted features, in the order of their columns (d = 9). */
export const FEATURE_NAMES = [
  'mean',
  'variance',
  'change_prev',
  'change_next',
  'curvature',
  'sobel_mean',
  'sobel_var',
  'laplacian_mean',
  'laplacian_var',
] as const;
export const FEATURE_COUNT = FEATURE_NAMES.length;
/** Thumbnails are THUMBNAIL_SIZE² block means. */
export const THUMBNAIL_SIZE = 32;

/** Features of the T readable frames of a series (failed frames are absent; `frames` maps rows to frame numbers). */
export interface FrameFeatures {
  /** Frame number of each row, ascending. */
  frames: Int32Array;
  /** T × d, scale-free but not z-scored (F°). */
  scaleFree: Float32Array;
  /** T × d, z-scored over t (F). */
  normalized: Float32Array;
  /** T × 32 × 32 modality values. */
  thumbnails: Float32Array;
}

export const SAMPLER_NAMES = [
  'das',
  'full',
  'random',
  'uniform',
  'variance',
  'dps',
  'adps',
  'optimal',
] as const;
export type SamplerName = (typeof SAMPLER_NAMES)[number];

/** What runs can be compared on: the samplers, and `average`, which keeps no frame but classifies the mean of all. */
export const COMPARED_NAMES = [...SAMPLER_NAMES, 'average'] as const;
export type ComparedName = (typeof COMPARED_NAMES)[number];

/** Rows of `FrameFeatures`, not frame numbers; the use case maps them back. */
export interface Selection {
  /** k, ascending, distinct. */
  indices: Int32Array;
  /** T, in [0,1], for people. */
  scores: Float32Array;
  /** T: the number that the choice was made from. */
  base?: Float32Array;
  /** k × T. */
  logits?: Float32Array;
  temperature?: number;
  /** k × T, rows sum to 1: the sampling matrix that `logits` and `temperature` give without noise. */
  matrix?: Float32Array;
  /** T × FEATURE_COUNT (+ position last where the package uses it). */
  contributions?: Float32Array;
  /** Before polish and guard (`general` only). */
  proposal?: Int32Array;
  /** k: how much the rebuild error grows without each kept frame (`general` and `optimal`). */
  keptContributions?: Float32Array;
  quality?: RebuildQuality;
  /** Scores at the cut differ by less than 1e-5. */
  tie: boolean;
}

/** Error of rebuilding the series from the kept frames, as a share of its variance (docs/das.md section 8). */
export interface RebuildQuality {
  error: number;
  uniform: number;
  /** Null where the optimum was not computed: more than 1,000 frames. */
  optimal: number | null;
  /** Share of the achievable gain over uniform; null where there is none to be had. */
  gain: number | null;
  proposalGain: number | null;
}
