import { FEATURE_NAMES, type FrameFeatures, THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import { type Anchor, KNOT_EXPONENT } from './anchor.ts';
import type { ScoreInputs } from './scoreGraph.ts';

const PIXELS = THUMBNAIL_SIZE * THUMBNAIL_SIZE;
/** What is seen over each distance; a feature of the same name over one frame stands among the handcrafted ones. */
const KINDS = ['change_prev', 'change_next', 'curvature'] as const;
/** Half the mean gap between kept frames, the gap, and twice the gap. */
const SPANS = 3;
/** Of a frame, of the one before and of the one after. */
const ROWS = 3;
/** Columns in the range of a z-score: gaps of two, four and eight frames, which training sees, are −1, 0 and 1. */
const MIDDLE_OCTAVE = 2;
/** Share of the variance of a frame below which nothing changes any more: log 0 must stay finite. */
const FLOOR = 1e-6;
const DEVIATION_FLOOR = 1e-6;

/** Features over distances that follow the gap, per frame, then the octave of the gap. */
export const GAP_COUNT = ROWS * SPANS * KINDS.length + 1;

/** Whose group each gap column belongs to; null: the octave, which is not a feature of the series. */
export const GAP_GROUPS: readonly (number | null)[] = [
  ...Array.from({ length: ROWS * SPANS }, () => KINDS.map((name) => FEATURE_NAMES.indexOf(name))).flat(),
  null,
];

/** log₂ of the mean gap between k of T frames, to a whole number: nearby k see the same features. */
export function gapOctave(frames: number, k: number): number {
  return Math.round(Math.log2(frames / k));
}

export interface GapFeatures {
  /** T × GAP_COUNT. */
  readonly columns: Float32Array;
  /** Where the base scores start: ⅖·log curvature over half the gap, its mean taken off. */
  readonly anchor: Anchor;
}

/**
 * Change and curvature as the rebuild error sees them (docs/das.md section 2): squared distances of thumbnails, where
 * noise is averaged out, over half, one and two mean gaps, as logarithms of shares of the series' variance, z-scored
 * over the frames. A distance that octaves share is measured once.
 */
export class SeriesGaps {
  readonly #thumbnails: Float32Array;
  readonly #frames: number;
  readonly #variance: number;
  /** By distance: logarithms, T of each kind. */
  readonly #spanned = new Map<number, readonly Float64Array[]>();

  constructor({ thumbnails, frames }: Pick<FrameFeatures, 'thumbnails' | 'frames'>) {
    this.#thumbnails = thumbnails;
    this.#frames = frames.length;
    this.#variance = meanVariance(thumbnails, frames.length);
  }

  /** @param octave of `gapOctave` */
  at(octave: number): GapFeatures {
    const spans = [octave - 1, octave, octave + 1].map((power) => 2 ** Math.max(0, power));
    const logarithms = spans.flatMap((span) => this.#logarithms(span));
    const curvature = logarithms[KINDS.indexOf('curvature')]!;
    const mean = curvature.reduce((sum, logarithm) => sum + logarithm, 0) / this.#frames;
    // Scores are z-scored, so the mean has no say but in their rounding, which an almost still series would magnify.
    const values = Float32Array.from(curvature, (logarithm) => KNOT_EXPONENT * (logarithm - mean));
    return {
      columns: inRows(logarithms.map(standardized), this.#frames, octave - MIDDLE_OCTAVE),
      anchor: { values, feature: FEATURE_NAMES.indexOf('curvature'), neutral: 0 },
    };
  }

  #logarithms(span: number): readonly Float64Array[] {
    const known = this.#spanned.get(span);
    if (known !== undefined) return known;
    const variance = this.#variance;
    const made = spanned(this.#thumbnails, this.#frames, span).map((column) =>
      column.map((square) => (variance > 0 ? Math.log(square / variance + FLOOR) : 0)),
    );
    this.#spanned.set(span, made);
    return made;
  }
}

/** The inputs of a series with its gap features as last columns, and their anchor. */
export function withGapFeatures(inputs: ScoreInputs, { columns, anchor }: GapFeatures): ScoreInputs {
  const frames = anchor.values.length;
  const width = inputs.perFrame.length / frames;
  const perFrame = new Float32Array(inputs.perFrame.length + columns.length);
  for (let t = 0; t < frames; t++) {
    const at = t * (width + GAP_COUNT);
    perFrame.set(inputs.perFrame.subarray(t * width, (t + 1) * width), at);
    perFrame.set(columns.subarray(t * GAP_COUNT, (t + 1) * GAP_COUNT), at + width);
  }
  return { ...inputs, perFrame, anchor: anchor.values };
}

/** Mean over the frames of ‖xₜ − x̄‖². */
function meanVariance(thumbnails: Float32Array, frames: number): number {
  const mean = new Float64Array(PIXELS);
  for (let t = 0; t < frames; t++)
    for (let i = 0; i < PIXELS; i++) mean[i]! += thumbnails[t * PIXELS + i]! / frames;
  let total = 0;
  for (let t = 0; t < frames; t++)
    for (let i = 0; i < PIXELS; i++) total += (thumbnails[t * PIXELS + i]! - mean[i]!) ** 2;
  return total / frames;
}

/** The kinds over one distance, T each; ends take what their neighbour has, and two frames have none. */
function spanned(thumbnails: Float32Array, frames: number, span: number): Float64Array[] {
  const columns = KINDS.map(() => new Float64Array(frames));
  for (let t = 1; t < frames - 1; t++) {
    const before = Math.max(0, t - span);
    const after = Math.min(frames - 1, t + span);
    neighbourhood(thumbnails, before, t, after).forEach((square, kind) => {
      columns[kind]![t] = square;
    });
  }
  for (const column of columns) {
    if (frames < 3) continue;
    column[0] = column[1]!;
    column[frames - 1] = column[frames - 2]!;
  }
  return columns;
}

/** ‖xₜ − xᵢ‖², ‖xⱼ − xₜ‖², and ‖xₜ − x̂ₜ‖² of the line from i to j. */
function neighbourhood(
  thumbnails: Float32Array,
  i: number,
  t: number,
  j: number,
): readonly [number, number, number] {
  const after = (t - i) / (j - i);
  let [previous, next, bend] = [0, 0, 0];
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    const value = thumbnails[t * PIXELS + pixel]!;
    const back = value - thumbnails[i * PIXELS + pixel]!;
    const forth = thumbnails[j * PIXELS + pixel]! - value;
    const off = (1 - after) * back - after * forth;
    previous += back * back;
    next += forth * forth;
    bend += off * off;
  }
  return [previous, next, bend];
}

function standardized(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
  return column.map((value) => (value - mean) / (Math.sqrt(variance) + DEVIATION_FLOOR));
}

/** A missing neighbour repeats the frame. */
function inRows(features: readonly Float64Array[], frames: number, octave: number): Float32Array {
  const rows = new Float32Array(frames * GAP_COUNT);
  let at = 0;
  for (let t = 0; t < frames; t++) {
    for (const seen of [t, Math.max(0, t - 1), Math.min(frames - 1, t + 1)])
      for (const feature of features) rows[at++] = feature[seen]!;
    rows[at++] = octave;
  }
  return rows;
}
