import type { ClassificationDocument, StageTimes, TriageDocument } from '../contract/documents.ts';
import { warning, type Warning } from '../contract/errors.ts';
import { FEATURE_NAMES, type FrameFeatures } from '../contract/sampling.ts';
import type { Series, Study } from '../contract/series.ts';
import type { ChosenPackages } from './choosePackages.ts';
import { outOfScope, type Classified } from './classification.ts';
import { warningDocuments } from './infoDocument.ts';
import type { Ranking } from './ranking.ts';

export interface TriageParts {
  study: Study;
  series: Series;
  /** Frames of the phase, failed ones included. */
  frames: number;
  failedFrames: number;
  /** What was asked for: a package's id, or `auto`. */
  model: string;
  features: FrameFeatures;
  chosen: ChosenPackages;
  ranking: Ranking;
  classified: Classified | null;
  /** From all readable frames; null: not asked for, or out of scope. */
  full: Classified | null;
  compareFull: boolean;
  matrix: boolean;
  engine: TriageDocument['engine'];
  ms: StageTimes;
}

/** What `keyslice triage` prints and `triage.json` holds. */
export function triageDocument(parts: TriageParts): TriageDocument {
  const { study, series, frames, ranking, engine, ms } = parts;
  return {
    series: { index: series.index, id: series.id, frames },
    k: ranking.k,
    ratio: ranking.k / frames,
    sampler: ranking.sampler,
    scores: ranking.scores,
    selected: ranking.selected,
    ...(ranking.proposal === null ? {} : { proposal: ranking.proposal }),
    temperature: ranking.temperature,
    features: {
      names: [...FEATURE_NAMES],
      ...(parts.matrix ? { values: featureValues(parts.features, frames) } : {}),
    },
    classification: classificationDocument(parts),
    ...(ranking.quality === null ? {} : { quality: ranking.quality }),
    engine,
    ms: rounded(ms),
    ...(parts.compareFull ? { fullSequence: fullSequence(parts) } : {}),
    ...(parts.matrix && ranking.matrix !== null ? { matrix: ranking.matrix } : {}),
    warnings: warningDocuments(triageWarnings(parts)),
    failures: study.failures,
  };
}

function classificationDocument({ classified, chosen, model }: TriageParts): ClassificationDocument | null {
  if (classified !== null) return classified.document;
  const [refused] = chosen.refused;
  return model === 'auto' || refused === undefined ? null : outOfScope(refused.card, refused.reason);
}

/** Everything that should be known about how the result came about. */
export function triageWarnings({
  series,
  failedFrames,
  chosen,
  ranking,
}: Pick<TriageParts, 'series' | 'failedFrames' | 'chosen' | 'ranking'>): Warning[] {
  const refused = chosen.task === null ? chosen.refused : [];
  return [
    ...series.warnings,
    ...(failedFrames === 0 ? [] : [warning('FRAMES_FAILED', { count: failedFrames })]),
    ...ranking.warnings,
    ...refused.map(({ card, reason }) => warning('OUT_OF_SCOPE', { package: card.id, reason })),
  ];
}

/** The reduced way counts with its features and its sampling. */
function fullSequence({
  classified,
  full,
  ms,
}: TriageParts): NonNullable<TriageDocument['fullSequence']> | null {
  if (classified === null || full === null) return null;
  const reduced = ms.features + ms.sample + classified.ms;
  return {
    classification: full.document,
    agrees: full.document.label === classified.document.label,
    ms: Math.round(full.ms),
    saved: full.ms === 0 ? 0 : 1 - reduced / full.ms,
  };
}

function featureValues(features: FrameFeatures, frames: number): (number[] | null)[] {
  const width = FEATURE_NAMES.length;
  const values = new Array<number[] | null>(frames).fill(null);
  features.frames.forEach((frame, row) => {
    values[frame] = Array.from(features.scaleFree.subarray(row * width, (row + 1) * width));
  });
  return values;
}

function rounded(ms: StageTimes): StageTimes {
  return {
    open: Math.round(ms.open),
    decode: Math.round(ms.decode),
    features: Math.round(ms.features),
    sample: Math.round(ms.sample),
    classify: Math.round(ms.classify),
    total: Math.round(ms.total),
  };
}
