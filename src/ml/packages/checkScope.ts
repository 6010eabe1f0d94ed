import type { Card, CardScope } from '../../contract/card.ts';
import { featureDistance } from './featureLimit.ts';
import { isMask, type PixelFacts } from './pixelFacts.ts';

/** What the scope of a package asks of a series. */
export interface SeriesFacts {
  /** Null where the format names none. */
  readonly modality: string | null;
  readonly kind: 'volume' | 'cine' | 'images';
  /** Readable frames of one phase. */
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3;
  /** Distance between frames, rows and columns in mm; null where unknown. */
  readonly spacingMm: readonly [number | null, number | null, number | null];
}

export type ScopeAnswer = { readonly inScope: true } | { readonly inScope: false; readonly reason: string };

const EXTENT_TOLERANCE = 0.1;
const KIND_NAMES = { volume: 'volumes', cine: 'loops', images: 'single images' } as const;
const AXES = ['frames', 'rows', 'columns'] as const;

/**
 * Whether a package may classify a series: form, size, pixel values and features, each checked on the data.
 * @param pooled context of the whole series as the sampler gets it (28 numbers).
 */
export function checkScope(
  card: Card,
  series: SeriesFacts,
  pixels: PixelFacts,
  pooled: Float32Array,
): ScopeAnswer {
  const reason =
    formReason(card, series) ??
    // What the pixels are says more to a person than how many frames there are.
    pixelReason(card.scope, pixels) ??
    sizeReason(card.scope, series) ??
    featureReason(card.scope, pooled);
  return reason === null ? { inScope: true } : { inScope: false, reason };
}

function formReason({ scope, input }: Card, series: SeriesFacts): string | null {
  if (input.kind === 'region') return 'it works on a region that is placed by hand';
  if (!scope.kinds.includes(series.kind))
    return `it was made for ${scope.kinds.map((kind) => KIND_NAMES[kind]).join(' or ')}, not for ${KIND_NAMES[series.kind]}`;
  const { modality } = series;
  if (modality !== null && scope.modalities.length > 0 && !scope.modalities.includes(modality))
    return `it was made for ${scope.modalities.join(', ')}, not for ${modality}`;
  const takesColor = input.channels === 3 || input.resample !== undefined;
  return !takesColor && series.samples === 3 ? 'it needs grey frames, these are coloured' : null;
}

function sizeReason(scope: CardScope, series: SeriesFacts): string | null {
  const { frames, rows, columns, spacingMm } = series;
  const sizes = { frames, rows, columns };
  const limits = {
    frames: { min: scope.framesMin, max: scope.framesMax },
    rows: scope.rows,
    columns: scope.columns,
  };
  for (const axis of AXES) {
    const limit = limits[axis];
    if (limit !== null && !within(sizes[axis], limit))
      return `it needs ${show(limit)} ${axis}, there are ${sizes[axis]}`;
  }
  const [between] = spacingMm;
  if (scope.spacingMm !== null && (between === null || !within(between, scope.spacingMm)))
    return `it needs frames ${show(scope.spacingMm)} mm apart, these are ${millimetres(between)}`;
  return extentReason(scope, series);
}

function extentReason({ extentMm }: CardScope, series: SeriesFacts): string | null {
  if (extentMm === null) return null;
  for (const [i, axis] of AXES.entries()) {
    const [spacing, wanted] = [series.spacingMm[i] ?? null, extentMm[i] ?? 0];
    const extent = spacing === null ? null : spacing * series[axis];
    if (extent === null || Math.abs(extent - wanted) > EXTENT_TOLERANCE * wanted)
      return `it needs an extent of ${millimetres(wanted)} ± 10 % along ${axis}, this is ${millimetres(extent)}`;
  }
  return null;
}

function pixelReason({ pixels }: CardScope, facts: PixelFacts): string | null {
  if (pixels.kind === 'mask') {
    if (facts.distinct.length === 1) return 'it needs a binary mask, all pixels are the same here';
    return isMask(facts) ? null : 'it needs a binary mask, these are grey values';
  }
  if (pixels.values === null) return null;
  const [min, max] = pixels.values;
  if (facts.min >= min && facts.max <= max) return null;
  return `it needs values from ${min} to ${max}, these run from ${facts.min} to ${facts.max}`;
}

function featureReason({ featureLimit }: CardScope, pooled: Float32Array): string | null {
  if (featureLimit === null) return null;
  const distance = featureDistance(featureLimit, pooled);
  if (distance <= featureLimit.distance) return null;
  const [found, limit] = [distance, featureLimit.distance].map((value) => value.toFixed(1));
  return `its frames are unlike those it was trained on (distance ${found}, limit ${limit})`;
}

interface Limit {
  readonly min: number;
  readonly max: number;
}

function within(value: number, { min, max }: Limit): boolean {
  return value >= min && value <= max;
}

function show({ min, max }: Limit): string {
  return min === max ? String(min) : `${min} to ${max}`;
}

function millimetres(value: number | null): string {
  return value === null ? 'unknown' : `${value.toFixed(2)} mm`;
}
