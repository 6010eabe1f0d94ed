/**
 * card.json of a model package, schema version 1 (docs/das.md section 9): what the package is for, what it may be
 * used on, how it was trained, what it reached, and what it must compute.
 */
import { z } from 'zod';
import { COMPARED_NAMES, FEATURE_COUNT } from './sampling.ts';

/** Length of the pooled context: mean, max and deviation of each feature over the frames, and log T. */
export const POOLED_COUNT = 3 * FEATURE_COUNT + 1;
export const CARD_FILE = 'card.json';
/** The one version of the card that this program reads. */
export const CARD_SCHEMA = 1;
export const SAMPLER_FILE = 'sampler.onnx';
export const CLASSIFIER_FILE = 'classifier.onnx';
export const ADPS_FILE = 'adps.onnx';

const text = z.string().min(1).max(4000);
const shortText = z.string().min(1).max(200);
const positive = z.number().positive();
const count = z.int().nonnegative().max(1_000_000);
const share = z.number().min(0).max(1);
const vector = (length: number) => z.array(z.number()).length(length);

/** Both ends included. */
const range = z
  .strictObject({ min: z.number(), max: z.number() })
  .refine(({ min, max }) => min <= max, 'min is above max');

const input = z.strictObject({
  kind: z.enum(['series', 'region']),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Rows and columns of the classifier's frames; null: the package has no classifier. */
  size: z.tuple([z.int().min(8).max(1024), z.int().min(8).max(1024)]).nullable(),
  /**
   * `area`: frames of any size are brought to `size` by area means, colours to luminance. Absent: frames have that size
   * and as many channels.
   */
  resample: z.literal('area').optional(),
  /** Frame, row and column spacing that a region is resampled to. */
  spacingMm: z.tuple([positive, positive, positive]).nullable(),
  /** Modality values outside are clamped before normalisation. */
  window: z.strictObject({ center: z.number(), width: positive }).nullable(),
  /** True when the sampler reads 32 × 32 thumbnails. */
  thumbnails: z.boolean(),
});

const featureLimit = z.strictObject({
  mean: vector(POOLED_COUNT),
  /** Inverse covariance of the pooled features, row by row. */
  precision: vector(POOLED_COUNT * POOLED_COUNT),
  /** Largest accepted Mahalanobis distance: the 99.5th percentile of the training series. */
  distance: positive,
});

const scope = z.strictObject({
  /** Empty: any modality. Asked only where the file names one. */
  modalities: z.array(z.string().min(1).max(16)).max(64),
  kinds: z
    .array(z.enum(['volume', 'cine', 'images']))
    .min(1)
    .max(3),
  pixels: z
    .strictObject({
      /** `mask`: 0 and one other value, both present. */
      kind: z.enum(['mask', 'grey']),
      /** mask: what background and foreground become; grey: smallest and largest modality value; null: any. */
      values: z.tuple([z.number(), z.number()]).nullable(),
    })
    .refine(({ kind, values }) => kind === 'grey' || values !== null, 'a mask needs its two values'),
  framesMin: count.min(1),
  framesMax: count.min(1),
  rows: range.nullable(),
  columns: range.nullable(),
  /** Extent along frames, rows and columns in mm, each ± 10 %. */
  extentMm: z.tuple([positive, positive, positive]).nullable(),
  /** Accepted distance between frames in mm. */
  spacingMm: range.nullable(),
  note: text,
  featureLimit: featureLimit.nullable(),
});

const sampler = z
  .strictObject({
    name: z.literal('das'),
    base: z.enum(['variance', 'learned', 'queries']),
    features: z.enum(['handcrafted', 'learned', 'both']),
    position: z.boolean(),
    /** The frames are also told how they change over distances that follow the gap between kept frames. */
    gaps: z.literal(true).optional(),
    sampling: z.enum(['topk', 'systematic']),
    heads: z.int().min(1).max(64),
    tau0: positive,
  })
  .refine(
    ({ base, sampling }) => base !== 'queries' || sampling === 'topk',
    'slots that want different frames have no one density',
  )
  .refine(
    ({ gaps, base, features, sampling }) =>
      gaps === undefined || (base === 'learned' && features === 'handcrafted' && sampling === 'systematic'),
    'gaps are for a learned density of handcrafted features',
  );

/** A logit per frame; for series of that many frames only. */
const dps = z.strictObject({ logits: z.array(z.number()).min(2).max(4096), tau0: positive });

const adps = z.strictObject({
  /** `each`: one frame a round; else so many rounds. */
  rounds: z.union([z.literal('each'), z.int().min(2).max(4)]),
  tau0: positive,
  /** What the graph gives for inputs made from the seed: frames taken, and the T logits of the last round. */
  golden: z.strictObject({
    seed: z.int().nonnegative(),
    selected: z.array(count).min(1).max(4096),
    logits: z.array(z.number()).min(2).max(4096),
    tolerance: positive.max(0.01),
  }),
});

const classifier = z.strictObject({
  name: shortText,
  /** Per channel: (value − mean) / deviation, after the window or the mapping of a mask. */
  normalization: z.strictObject({
    mean: z.array(z.number()).min(1).max(3),
    deviation: z.array(positive).min(1).max(3),
  }),
});

const training = z.strictObject({
  data: z
    .array(
      z.strictObject({
        name: shortText,
        /** Of the file; null for generated series and for folders. */
        md5: z
          .string()
          .regex(/^[0-9a-f]{32}$/)
          .nullable(),
        licence: shortText,
        citation: text.nullable(),
      }),
    )
    .min(1)
    .max(1000),
  split: text,
  protocol: z.record(z.string().min(1).max(64), z.union([z.string().max(1000), z.number(), z.boolean()])),
  seeds: z.array(z.int()).min(1).max(100),
  /** Commit of the program that trained it. */
  commit: z.string().regex(/^[0-9a-f]{7,40}$/),
});

const scores = z.strictObject({ n: count, auc: share, accuracy: share, balancedAccuracy: share });
const interval = z.tuple([share, share]);
const confidence = z.strictObject({ auc: interval, accuracy: interval, balancedAccuracy: interval });

const classificationMetrics = z.strictObject({
  kind: z.literal('classification'),
  ratio: share,
  /** Of the shipped weights. */
  val: scores,
  test: scores,
  /** Bootstrap over the test series. */
  ci95: confidence,
  /** Other samplers under the same protocol; the run chosen by validation, as for the package itself. */
  peers: z
    .array(z.strictObject({ sampler: z.enum(COMPARED_NAMES), val: scores, test: scores, ci95: confidence }))
    .max(32),
  /** Every run, every seed. */
  runs: z
    .array(z.strictObject({ sampler: z.enum(COMPARED_NAMES), seed: z.int(), val: scores, test: scores }))
    .max(1000),
  /** Baselines without learning, such as the voxel count. */
  baselines: z.array(z.strictObject({ name: shortText, testAuc: share })).max(32),
});

/** Gain over uniform as in `RebuildQuality`; null where there is none to be had. */
const gain = z.number().nullable();

const rebuildMetrics = z.strictObject({
  kind: z.literal('rebuild'),
  /** Leave-one-source-out: each series is measured with weights that never saw its source. */
  series: z
    .array(
      z.strictObject({
        source: shortText,
        name: shortText,
        frames: count,
        k: count,
        ratio: share,
        error: z.number(),
        uniform: z.number(),
        optimal: z.number(),
        gain,
        proposalGain: gain,
      }),
    )
    .max(10_000),
  summary: z
    .array(
      z.strictObject({
        ratio: share,
        series: count,
        medianGain: gain,
        minimumGain: gain,
        medianProposalGain: gain,
        tenthPercentileProposalGain: gain,
        /** Median gain of the rule curvature^{2/5} on the same series. */
        medianRuleGain: gain,
      }),
    )
    .max(32),
});

/** What the graphs give for the inputs that `goldenInputs` makes from the seed; checked on every engine. */
const golden = z.strictObject({
  seed: z.int().nonnegative(),
  frames: z.int().min(2).max(4096),
  /** `base` of the sampler graph. */
  scores: z.array(z.number()).min(2).max(4096),
  selected: z.array(count).min(1).max(4096),
  /** Of the classifier on the selected frames; null without a classifier. */
  logits: z.array(z.number()).min(1).max(1000).nullable(),
  /** |a − b| ≤ tolerance · (1 + |b|). */
  tolerance: positive.max(0.01),
});

/** File names of a package stand beside the card: no folder, no hidden file. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

export const cardSchema = z
  .strictObject({
    schema: z.literal(CARD_SCHEMA),
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    title: shortText,
    licence: shortText,
    task: text,
    /** One per class; empty for a package that only ranks. */
    labels: z.array(shortText).max(1000),
    intendedUse: text,
    limits: text,
    input,
    scope,
    sampler,
    /** Weights of samplers that DAS was compared with; the classifier is that of DAS. */
    comparedSamplers: z.strictObject({ dps: dps.optional(), adps: adps.optional() }).optional(),
    classifier: classifier.nullable(),
    training,
    metrics: z.discriminatedUnion('kind', [classificationMetrics, rebuildMetrics]),
    files: z.record(fileName, z.string().regex(/^[0-9a-f]{64}$/)),
    golden,
  })
  .refine(
    (card) => (card.comparedSamplers?.adps !== undefined) === ADPS_FILE in card.files,
    `${ADPS_FILE} and comparedSamplers disagree`,
  )
  .refine((card) => SAMPLER_FILE in card.files, `files does not name ${SAMPLER_FILE}`)
  .refine(
    (card) => (card.classifier !== null) === CLASSIFIER_FILE in card.files,
    `${CLASSIFIER_FILE} and classifier disagree`,
  )
  .refine((card) => (card.classifier !== null) === card.labels.length > 1, 'labels and classifier disagree')
  .refine(
    (card) => (card.classifier !== null) === (card.input.size !== null),
    'input.size and classifier disagree',
  )
  .refine(
    (card) => (card.classifier !== null) === (card.golden.logits !== null),
    'golden.logits and classifier disagree',
  )
  .refine(
    (card) => card.input.thumbnails === (card.sampler.features !== 'handcrafted'),
    'input.thumbnails and sampler.features disagree',
  )
  .refine(
    (card) => card.golden.scores.length === card.golden.frames,
    'golden.scores and golden.frames disagree',
  );

export type Card = z.infer<typeof cardSchema>;
export type CardScope = Card['scope'];
export type FeatureLimit = z.infer<typeof featureLimit>;
