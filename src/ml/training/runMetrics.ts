/**
 * `metrics.json` of a run: everything that docs/results.md is made of, small enough to be committed. It holds what was
 * measured and the predictions that intervals and comparisons are drawn from; no pixel, no name of a patient, no path.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { KeysliceError } from '../../contract/errors.ts';
import { type Predictions, metricsOf } from './metrics.ts';

const share = z.number().min(0).max(1);
const amount = z.number().nonnegative();
const count = z.int().nonnegative();
const word = z.string().min(1).max(200);
const interval = z.tuple([share, share]).nullable();

const md5 = z.string().regex(/^[0-9a-f]{32}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const splitSchema = z.strictObject({
  n: count.min(1),
  /** Mean number of frames of a series, and of those the classifier saw. */
  frames: amount,
  kept: amount,
  /** Null when only one class is present, as is its interval. */
  auc: share.nullable(),
  accuracy: share,
  balancedAccuracy: share,
  logLoss: amount,
  ci95: z.strictObject({ auc: interval, accuracy: interval, balancedAccuracy: interval }),
  /** True class of every series. */
  labels: z.array(count.max(254)),
  /** Patient of every series, numbered from 0; null where every series stands for itself. */
  groups: z.array(count).nullable(),
  /** Two classes: log-odds of the second, one per series. More: ln p of every class, series after series. */
  scores: z.array(z.number()),
  /** Per series the kept frames: one bit per frame, the first the highest of the first hexadecimal digit. Null: all. */
  selected: z.array(z.string().regex(/^[0-9a-f]*$/)).nullable(),
  /** Share of frames without content (all pixels the same) among the kept ones and among all. */
  emptyFrames: z.strictObject({ kept: share, all: share }),
  /** The same series with Gaussian noise on the pixels; null where it was not measured. */
  noise: z
    .strictObject({
      /** Of the range of the pixels. */
      deviation: amount,
      /** Mean share of the kept frames that are kept again. */
      overlap: share,
      /** Share of series whose class stays. */
      sameClass: share,
    })
    .nullable(),
  cost: z.strictObject({
    /** Mean per series; null where a graph cannot be counted. */
    samplerMultiplyAdds: amount.nullable(),
    classifierMultiplyAdds: amount.nullable(),
    /** Per series: mean of the feature pass, median of choosing and of classifying. */
    featuresMs: amount,
    sampleMs: amount,
    classifyMs: amount,
  }),
  engine: z.strictObject({ name: word, device: word, threads: count }),
  /** As the machine names it. */
  processor: word,
});

export const runMetricsSchema = z.strictObject({
  schema: z.literal(1),
  kind: z.literal('classification'),
  data: z.strictObject({
    name: word,
    md5,
    classes: z.array(word).min(2).max(255),
    pixels: z.enum(['mask', 'grey']),
    frames: count,
    rows: count,
    columns: count,
  }),
  sampler: word,
  ratio: share,
  seed: count,
  protocol: z.record(
    z.string().max(64),
    z.union([z.string().max(200), z.number(), z.boolean(), z.null(), z.array(z.string().max(64)).max(32)]),
  ),
  /** The run whose weights it started from; absent: all were drawn. */
  start: z.strictObject({ data: word, md5, weights: sha256 }).optional(),
  /** Of the program that trained it. */
  commit: z.string().regex(/^[0-9a-f]{7,40}$/),
  /** SHA-256 of weights.bin: figures of other weights are never mixed with these. */
  weights: sha256,
  training: z.strictObject({ epochs: count, bestEpoch: count, seconds: amount, valLoss: amount }),
  splits: z.strictObject({ val: splitSchema.optional(), test: splitSchema.optional() }),
});

export type RunMetrics = z.infer<typeof runMetricsSchema>;
export type SplitMetrics = z.infer<typeof splitSchema>;

/**
 * Reads a metrics file and checks that its figures follow from its own predictions.
 * @param shown how the file is named in errors
 * @throws KeysliceError METRICS_INVALID
 */
export async function readRunMetrics(file: string, shown: string): Promise<RunMetrics> {
  return parseRunMetrics(await readMetricsJson(file, shown), shown);
}

/** What a metrics file of either kind holds, not yet checked. @throws KeysliceError METRICS_INVALID */
export async function readMetricsJson(file: string, shown: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw invalidMetrics(shown, cause instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read', cause);
  }
}

/** @throws KeysliceError METRICS_INVALID */
export function parseRunMetrics(json: unknown, shown: string): RunMetrics {
  const parsed = runMetricsSchema.safeParse(json);
  if (!parsed.success) throw invalidMetrics(shown, z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const { splits, data } = parsed.data;
  for (const split of [splits.val, splits.test]) {
    const fault =
      split === undefined
        ? null
        : (lengthFault(split, data.classes.length) ?? figureFault(split, data.classes.length));
    if (fault !== null) throw invalidMetrics(shown, fault);
  }
  return parsed.data;
}

function invalidMetrics(shown: string, reason: string, cause?: unknown): KeysliceError {
  return new KeysliceError('METRICS_INVALID', { reason }, { path: shown, cause });
}

function lengthFault({ n, labels, groups, scores, selected }: SplitMetrics, classes: number): string | null {
  if (labels.length !== n) return `it has ${labels.length} labels for ${n} series`;
  if (labels.some((label) => label >= classes)) return `a label is above the ${classes} classes`;
  if (groups !== null && groups.length !== n) return `it has ${groups.length} groups for ${n} series`;
  if (selected !== null && selected.length !== n)
    return `it has ${selected.length} selections for ${n} series`;
  const wanted = classes === 2 ? n : n * classes;
  return scores.length === wanted ? null : `it has ${scores.length} scores, ${wanted} are needed`;
}

/** Figures are computed from the predictions as they are kept; processors differ in the last bits of exp. */
const TOLERANCE = 1e-6;

function figureFault(split: SplitMetrics, classes: number): string | null {
  const { auc, accuracy } = metricsOf(decodePredictions(split, classes));
  const known = Number.isNaN(auc) ? null : auc;
  if ((known === null) !== (split.auc === null) || Math.abs((known ?? 0) - (split.auc ?? 0)) > TOLERANCE)
    return 'its AUC does not follow from its predictions';
  if (Math.abs(accuracy - split.accuracy) > TOLERANCE)
    return 'its accuracy does not follow from its predictions';
  return null;
}

const LOG_ODDS_LIMIT = 40;
const LN_FLOOR = 1e-12;

/** Probabilities as `scores` holds them. */
export function encodeScores({ probabilities, classes }: Predictions): number[] {
  if (classes !== 2) return Array.from(probabilities, (p) => round(Math.log(Math.max(LN_FLOOR, p)), 4));
  return Array.from({ length: probabilities.length / 2 }, (_, row) => {
    const [a, b] = [probabilities[2 * row]!, probabilities[2 * row + 1]!];
    const odds = Math.log(b) - Math.log(a);
    return round(Math.max(-LOG_ODDS_LIMIT, Math.min(LOG_ODDS_LIMIT, odds)), 6);
  });
}

/** The predictions that `scores` and `labels` stand for. */
export function decodePredictions(
  { scores, labels }: Pick<SplitMetrics, 'scores' | 'labels'>,
  classes: number,
): Predictions {
  const probabilities =
    classes === 2
      ? scores.flatMap((odds) => [1 / (1 + Math.exp(odds)), 1 / (1 + Math.exp(-odds))])
      : scores.map((ln) => Math.exp(ln));
  return { probabilities: Float64Array.from(probabilities), labels: Uint8Array.from(labels), classes };
}

/** Kept frames as hexadecimal digits, the first frame the highest bit of the first. @param frames of the series */
export function encodeSelection(selected: Int32Array, frames: number): string {
  const digits = new Array<number>(Math.ceil(frames / 4)).fill(0);
  for (const frame of selected) digits[frame >> 2]! |= 8 >> (frame & 3);
  return digits.map((digit) => digit.toString(16)).join('');
}

export function decodeSelection(text: string): number[] {
  return Array.from(text).flatMap((digit, at) => {
    const bits = Number.parseInt(digit, 16);
    return [0, 1, 2, 3].filter((bit) => (bits & (8 >> bit)) !== 0).map((bit) => 4 * at + bit);
  });
}

export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  // + 0 turns −0, which JSON would not keep, into 0.
  return Math.round(value * factor) / factor + 0;
}
