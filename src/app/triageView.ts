import type { Card } from '../contract/card.ts';
import type {
  ClassificationDocument,
  EngineDocument,
  ReviewDocument,
  StageTimes,
} from '../contract/documents.ts';
import type { Warning } from '../contract/errors.ts';
import type { ClassificationView, TriageView } from '../contract/ipc.ts';
import { FEATURE_NAMES, type SamplerName } from '../contract/sampling.ts';
import type { ChosenPackages } from './choosePackages.ts';
import { outOfScope, type Classified } from './classification.ts';
import { applyHandmade, type Handmade } from './handmade.ts';
import type { Ranking } from './ranking.ts';

export interface ViewParts {
  seriesId: string;
  phase: number;
  frames: number;
  ranking: Ranking;
  chosen: ChosenPackages;
  handmade: Handmade;
  classified: Classified | null;
  full: Classified | null;
  engine: EngineDocument | null;
  ms: StageTimes;
  review: ReviewDocument;
  warnings: readonly Warning[];
}

/** What the window shows of a finished triage. */
export function triageView(parts: ViewParts): TriageView {
  const { ranking, handmade, frames, classified, full } = parts;
  const selected = applyHandmade(ranking.selected, handmade);
  return {
    seriesId: parts.seriesId,
    phase: parts.phase,
    state: 'final',
    k: ranking.k,
    ratio: ranking.k / frames,
    sampler: { ...ranking.sampler, title: samplerTitle(ranking.sampler) },
    scores: ranking.scores,
    selected,
    added: [...handmade.added].sort((a, b) => a - b),
    removed: [...handmade.removed].sort((a, b) => a - b),
    quality: ranking.quality,
    classification: classificationView(parts),
    fullSequence: full === null || classified === null ? null : comparison(classified, full, parts.ms),
    reasons: reasonsOf(ranking),
    engine: parts.engine,
    ms: parts.ms,
    review: parts.review,
    // The class card says this in its own place.
    warnings: parts.warnings.filter(({ code }) => code !== 'OUT_OF_SCOPE'),
  };
}

/** While frames stream in: scores that may still change, and no selection, so that nothing moves by itself. */
export function streamingView(
  parts: Pick<ViewParts, 'seriesId' | 'phase' | 'frames' | 'ranking' | 'review'>,
): TriageView {
  const { ranking, frames } = parts;
  return {
    seriesId: parts.seriesId,
    phase: parts.phase,
    state: 'streaming',
    k: ranking.k,
    ratio: ranking.k / frames,
    sampler: { ...ranking.sampler, title: samplerTitle(ranking.sampler) },
    scores: ranking.scores,
    selected: [],
    added: [],
    removed: [],
    quality: null,
    classification: null,
    fullSequence: null,
    reasons: null,
    engine: null,
    ms: null,
    review: parts.review,
    warnings: [],
  };
}

function samplerTitle({ name }: { name: SamplerName }): string {
  return name === 'das' ? 'DAS' : name;
}

function comparison(classified: Classified, full: Classified, ms: StageTimes): TriageView['fullSequence'] {
  const reduced = ms.features + ms.sample + classified.ms;
  return {
    agrees: full.document.label === classified.document.label,
    saved: full.ms === 0 ? 0 : 1 - reduced / full.ms,
    ms: Math.round(full.ms),
    label: full.document.label,
  };
}

function classificationView({ classified, chosen }: ViewParts): ClassificationView | null {
  if (classified !== null && chosen.task !== null) return withCard(classified.document, chosen.task.card);
  const [refused] = chosen.refused;
  return refused === undefined ? null : withCard(outOfScope(refused.card, refused.reason), refused.card);
}

function withCard(document: ClassificationDocument, card: Card): ClassificationView {
  return { ...document, title: card.title, validation: validationText(card) };
}

/** From the card, which the program wrote. */
function validationText({ metrics }: Card): string {
  if (metrics.kind !== 'classification') return '';
  const { test, ci95 } = metrics;
  const [low, high] = ci95.auc;
  return `test AUC ${test.auc.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}), ${test.n} volumes`;
}

function reasonsOf({ contributions }: Ranking): TriageView['reasons'] {
  if (contributions === null) return null;
  const width = contributions.find((row) => row !== null)?.length ?? 0;
  return { names: [...FEATURE_NAMES, 'position'].slice(0, width), values: contributions };
}
