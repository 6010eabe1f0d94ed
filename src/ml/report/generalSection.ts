import {
  type GainMetrics,
  MIN_MEASURED_FRAMES,
  type MeasuredPlace,
} from '../training/general/gainMetrics.ts';
import { gainOf, quantile, type RebuildErrors } from '../training/general/measureGains.ts';
import { number, percent, table } from './tables.ts';

/** What is measured, in the order of the columns, and what the columns are called. */
const KINDS = ['proposal', 'rule', 'farthest', 'random', 'descent', 'result'] as const;
type Kind = (typeof KINDS)[number];
const TITLES: Record<Kind, string> = {
  proposal: 'proposal',
  rule: 'rule',
  farthest: 'farthest point',
  random: 'random',
  descent: 'after descent',
  result: 'after polish',
};
/** Series whose optima differ by less, as a share of them, at every ratio hold the same pictures. */
const SAME = 1e-3;

/** The section of the general sampler; a function of its metrics alone. */
export function generalSection(metrics: GainMetrics): string {
  const { series, short } = metrics;
  const { split } = metrics.package;
  const trained = series.filter((one) => one.trained);
  const others = series.filter((one) => !one.trained);
  const distinct = distinctSeries(others, trained);
  return [
    '## General sampler',
    introduction(metrics),
    '### Series that it was not trained on',
    `${others.length} series with at least ${MIN_MEASURED_FRAMES} frames; ${short} shorter ones are left out.`,
    summaryTable(others),
    '### The same, every set of pictures once',
    `Some of these series hold the pictures of a training series or of each other in another format or orientation: ` +
      `their least errors are the same at every share. Without the former, and with each of the latter once, ` +
      `${distinct.length} remain.`,
    summaryTable(distinct),
    '### Training series, each measured by weights that never saw its source',
    `From the card; ${split}. Left out above, because the shipped weights are trained on them: ${names(trained)}.`,
    leaveOneOutTable(metrics),
    '### Every series',
    'Errors of uniform sampling, of the optimum and of the result, then gains.',
    seriesTable(others),
  ].join('\n\n');
}

function introduction({ package: { id, version, commit, sampler } }: GainMetrics): string {
  return [
    `Package ${id} ${version}, trained at ${commit.slice(0, 7)}, graph ${sampler.slice(0, 12)}.`,
    'Error: squared error of rebuilding the series from the kept frames by linear interpolation, on 32 × 32 thumbnails,',
    'as a share of its variance. Gain: 0 is uniform sampling, 1 the optimum; series where the two are the same have none.',
    '_Proposal_ is the learned density alone, _rule_ density curvature^{2/5}, _farthest point_ the greedy k-centre,',
    '_random_ the mean of 20 draws, _after descent_ coordinate descent from the proposal with the guard (what series of more',
    'than 1,000 frames get), _after polish_ what a person gets: up to 1,000 frames the optimum itself, by construction.',
  ].join('\n');
}

interface RatioRow {
  readonly ratio: number;
  readonly errors: RebuildErrors;
}

function summaryTable(series: readonly MeasuredPlace[]): string {
  const rows = series.flatMap(({ ratios }): RatioRow[] => ratios);
  return table(
    ['frames kept', 'gain of', 'series', 'median', '10th percentile', 'least', 'above uniform'],
    ratiosOf(rows).flatMap((ratio) => KINDS.map((kind) => summaryRow(rows, ratio, kind))),
  );
}

function summaryRow(rows: readonly RatioRow[], ratio: number, kind: Kind): string[] {
  const gains = rows
    .filter((row) => row.ratio === ratio)
    .flatMap(({ errors }) => gainOf(errors, errors[kind]) ?? []);
  const above = gains.length === 0 ? null : gains.filter((gain) => gain > 0).length / gains.length;
  return [
    percent(ratio),
    TITLES[kind],
    String(gains.length),
    ...[0.5, 0.1, 0].map((share) => number(quantile(gains, share), 2)),
    percent(above),
  ];
}

function leaveOneOutTable({ leaveOneSourceOut: rows, leaveOneSourceOutRule: rules }: GainMetrics): string {
  return table(
    [
      'frames kept',
      'series',
      'proposal, median',
      '10th percentile',
      'rule, median',
      'after descent, median',
      'least',
    ],
    ratiosOf(rows).map((ratio) => {
      const own = rows.filter((row) => row.ratio === ratio);
      const proposals = own.flatMap(({ proposalGain }) => proposalGain ?? []);
      const gains = own.flatMap(({ gain }) => gain ?? []);
      return [
        percent(ratio),
        String(own.length),
        number(quantile(proposals, 0.5), 2),
        number(quantile(proposals, 0.1), 2),
        number(rules.find((rule) => rule.ratio === ratio)?.median ?? null, 2),
        number(quantile(gains, 0.5), 2),
        number(quantile(gains, 0), 2),
      ];
    }),
  );
}

function seriesTable(series: readonly MeasuredPlace[]): string {
  const head = [
    'series',
    'frames',
    'kept',
    'uniform',
    'optimum',
    'result',
    ...KINDS.map((kind) => TITLES[kind]),
  ];
  const rows = series.flatMap(({ place, frames, ratios }) =>
    ratios.map(({ k, errors }) => [
      `\`${place}\``,
      String(frames),
      String(k),
      number(errors.uniform, 4),
      number(errors.optimal, 4),
      number(errors.result, 4),
      ...KINDS.map((kind) => number(gainOf(errors, errors[kind]), 2)),
    ]),
  );
  return table(head, rows);
}

function distinctSeries(
  others: readonly MeasuredPlace[],
  trained: readonly MeasuredPlace[],
): MeasuredPlace[] {
  const kept: MeasuredPlace[] = [];
  for (const one of others) {
    if (![...trained, ...kept].some((known) => samePictures(one, known))) kept.push(one);
  }
  return kept;
}

/** The least error is that of the pictures, however they are turned, scaled or put in order. */
function samePictures(a: MeasuredPlace, b: MeasuredPlace): boolean {
  return (
    a.frames === b.frames &&
    a.ratios.every(({ errors }, index) => {
      const other = b.ratios[index]?.errors.optimal ?? NaN;
      return Math.abs(errors.optimal - other) <= SAME * Math.max(errors.optimal, other);
    })
  );
}

function names(series: readonly MeasuredPlace[]): string {
  return series.length === 0 ? 'none' : series.map(({ place }) => `\`${place}\``).join(', ');
}

function ratiosOf(rows: readonly { readonly ratio: number }[]): number[] {
  return [...new Set(rows.map(({ ratio }) => ratio))].toSorted((a, b) => a - b);
}
