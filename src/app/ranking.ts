import { warning, type Warning } from '../contract/errors.ts';
import type { TriageDocument } from '../contract/documents.ts';
import type { FrameFeatures, RebuildQuality, SamplerName, Selection } from '../contract/sampling.ts';
import type { ChosenPackages } from './choosePackages.ts';
import type { Inference } from './inference.ts';
import { keyCount, type KeySize } from './keyCount.ts';

export interface RankingRequest {
  features: FrameFeatures;
  /** Frames of the phase, failed ones included. */
  frames: number;
  size: KeySize;
  sampler: SamplerName;
  seed: number;
  /** Whether the sampling matrix is wanted too: k × frames numbers. */
  matrix: boolean;
}

/** A selection in frame numbers of the phase, instead of rows of the features. */
export interface Ranking {
  k: number;
  /** k frames, ascending. */
  selected: number[];
  /** Per frame of the phase; null: failed. */
  scores: (number | null)[];
  proposal: number[] | null;
  quality: RebuildQuality | null;
  temperature: number | null;
  /** k × frames; a failed frame's column is 0. */
  matrix: number[][] | null;
  /** Per frame the contribution of each feature to its score; null: failed. */
  contributions: (number[] | null)[] | null;
  sampler: TriageDocument['sampler'];
  warnings: Warning[];
  ms: number;
}

/** Scores and selects the frames of a phase. @throws KeysliceError as the sampler and the engine do */
export async function rankFrames(
  inference: Inference,
  { ranking }: Pick<ChosenPackages, 'ranking'>,
  request: RankingRequest,
): Promise<Ranking> {
  const { features, sampler, seed, matrix } = request;
  const start = performance.now();
  const readable = features.frames.length;
  // The full sequence is what the others are compared with: every readable frame, whatever k was asked for.
  const size = sampler === 'full' ? { k: readable } : request.size;
  const { k, warnings } = keyCount(size, request.frames, readable);
  const selection = await inference.select({ folder: ranking.folder, features, k, sampler, seed, matrix });
  const toFrames = (rows: Int32Array): number[] => Array.from(rows, (row) => features.frames[row] ?? 0);
  return {
    k,
    selected: toFrames(selection.indices),
    scores: spread(features, request.frames, (row) => selection.scores[row] ?? 0),
    proposal: selection.proposal === undefined ? null : toFrames(selection.proposal),
    quality: selection.quality ?? null,
    temperature: selection.temperature ?? null,
    matrix: matrixOf(selection, features, request.frames),
    contributions: contributionsOf(selection, features, request.frames),
    sampler: samplerDocument(sampler, ranking.card),
    warnings: [...warnings, ...(selection.tie ? [warning('TIE')] : [])],
    ms: performance.now() - start,
  };
}

/** A value per frame from a value per row. */
function spread<T>(features: FrameFeatures, frames: number, value: (row: number) => T): (T | null)[] {
  const spreadOut = new Array<T | null>(frames).fill(null);
  features.frames.forEach((frame, row) => {
    spreadOut[frame] = value(row);
  });
  return spreadOut;
}

function matrixOf({ matrix }: Selection, features: FrameFeatures, frames: number): number[][] | null {
  if (matrix === undefined) return null;
  const rows = features.frames.length;
  return Array.from({ length: matrix.length / rows }, (_, slot) =>
    spread(features, frames, (row) => matrix[slot * rows + row] ?? 0).map((share) => share ?? 0),
  );
}

function contributionsOf(
  { contributions }: Selection,
  features: FrameFeatures,
  frames: number,
): (number[] | null)[] | null {
  if (contributions === undefined) return null;
  const width = contributions.length / features.frames.length;
  return spread(features, frames, (row) =>
    Array.from(contributions.subarray(row * width, (row + 1) * width)),
  );
}

/** Only DAS has a package behind it. */
function samplerDocument(
  name: SamplerName,
  card: ChosenPackages['ranking']['card'],
): TriageDocument['sampler'] {
  if (name !== 'das') return { name, package: null, version: null, base: null, features: null };
  return {
    name,
    package: card.id,
    version: card.version,
    base: card.sampler.base,
    features: card.sampler.features,
  };
}
