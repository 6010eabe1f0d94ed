/**
 * `metrics.json` of the `general` package: what the section of docs/results.md is made of. It holds rebuild errors alone,
 * from which every gain follows; no pixel, no name of a patient, no path outside the data folder.
 */
import { z } from 'zod';
import { SAMPLER_FILE, type Card } from '../../../contract/card.ts';
import type { SeriesGain } from '../../../contract/documents.ts';
import { KeysliceError } from '../../../contract/errors.ts';

/** Shorter series say little about where frames belong. */
export const MIN_MEASURED_FRAMES = 12;

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const amount = z.number().nonnegative();
const word = z.string().min(1).max(400);

const errors = z.strictObject({
  result: amount,
  descent: amount,
  proposal: amount,
  uniform: amount,
  optimal: amount,
  rule: amount,
  farthest: amount,
  random: amount,
});

const gainMetricsSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('rebuild'),
  package: z.strictObject({
    id: word,
    version: word,
    /** SHA-256 of its graph. */
    sampler: z.string().regex(/^[0-9a-f]{64}$/),
    /** Of the program that trained it. */
    commit: z.string().regex(/^[0-9a-f]{7,40}$/),
    /** As its card tells it. */
    split: z.string().max(4000),
  }),
  /** Series with fewer than 12 frames, which are left out. */
  short: count,
  series: z.array(
    z.strictObject({
      place: word,
      frames: count,
      trained: z.boolean(),
      ratios: z.array(z.strictObject({ ratio: share, k: count, errors })).min(1),
    }),
  ),
  /** From the card: each training series measured by weights that never saw its source. */
  leaveOneSourceOut: z.array(
    z.strictObject({
      source: word,
      name: word,
      frames: count,
      ratio: share,
      gain: z.number().nullable(),
      proposalGain: z.number().nullable(),
    }),
  ),
  /** Median gain of the rule on those, per ratio. */
  leaveOneSourceOutRule: z.array(z.strictObject({ ratio: share, median: z.number().nullable() })),
});

export type GainMetrics = z.infer<typeof gainMetricsSchema>;
export type MeasuredPlace = GainMetrics['series'][number];

/** @param rows of one evaluation, each series at every ratio */
export function gainMetrics(card: Card, rows: readonly SeriesGain[]): GainMetrics {
  const places = [...new Set(rows.map(({ place }) => place))];
  const all = places.map((place) => measuredPlace(rows.filter((row) => row.place === place)));
  const long = all.filter(({ frames }) => frames >= MIN_MEASURED_FRAMES);
  const { metrics, training } = card;
  const own = metrics.kind === 'rebuild' ? metrics : { series: [], summary: [] };
  return {
    schema: 1,
    kind: 'rebuild',
    package: {
      id: card.id,
      version: card.version,
      sampler: card.files[SAMPLER_FILE] ?? '',
      commit: training.commit,
      split: training.split,
    },
    short: all.length - long.length,
    series: long,
    leaveOneSourceOut: own.series.map(({ source, name, frames, ratio, gain, proposalGain }) => ({
      source,
      name,
      frames,
      ratio,
      gain,
      proposalGain,
    })),
    leaveOneSourceOutRule: own.summary.map(({ ratio, medianRuleGain }) => ({
      ratio,
      median: medianRuleGain,
    })),
  };
}

function measuredPlace(rows: readonly SeriesGain[]): MeasuredPlace {
  const [{ place, frames, trained } = { place: '', frames: 0, trained: false }] = rows;
  const ratios = rows.map(({ ratio, k, error, uniform, optimal, errors: others }) => ({
    ratio,
    k,
    errors: { result: error, uniform, optimal: optimal ?? uniform, ...others },
  }));
  return { place, frames, trained, ratios };
}

export function isGainMetrics(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'kind' in json && json.kind === 'rebuild';
}

/**
 * @param shown how the file is named in errors
 * @throws KeysliceError METRICS_INVALID
 */
export function parseGainMetrics(json: unknown, shown: string): GainMetrics {
  const parsed = gainMetricsSchema.safeParse(json);
  const invalid = (reason: string): KeysliceError =>
    new KeysliceError('METRICS_INVALID', { reason }, { path: shown });
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  for (const { place, ratios } of parsed.data.series) {
    const impossible = ratios.find(
      ({ errors: { result, optimal, uniform } }) => result > uniform || optimal > result,
    );
    if (impossible !== undefined)
      throw invalid(`${place}: the result lies outside what lies between uniform and the optimum`);
  }
  return parsed.data;
}
