import { z } from 'zod';
import type { TrainedSampler } from './chooseFrames.ts';
import { CLASS_WEIGHTINGS } from './classWeights.ts';
import { MIRROR_AXES } from './mirrorSeries.ts';

/**
 * How a run trains. The paper's own settings are Adam 1e-4, batch 16, ratio 0.5, early stopping on the validation
 * loss; everything else here is ours and is reported with every result.
 */
export const protocolSchema = z.strictObject({
  epochs: z.int().min(1).max(10_000),
  batch: z.int().min(1).max(1024),
  learningRate: z.number().positive(),
  /** The sampler learns slower than the classifier by this factor. */
  samplerRate: z.number().nonnegative(),
  /** Steps over which the rate rises from 0; it then falls to 0 along a cosine over all epochs. */
  warmupSteps: z.int().nonnegative(),
  weightDecay: z.number().nonnegative(),
  labelSmoothing: z.number().min(0).max(0.5),
  dropout: z.number().min(0).max(0.9),
  /** Volumes are moved in plane by up to this many voxels, never so far that they touch the border. */
  shift: z.int().nonnegative().max(16),
  /** Size of the Gumbel noise. */
  noise: z.number().positive(),
  /** Share that running averages keep per step: of weights, and of batch statistics. */
  averaging: z.number().min(0).max(0.9999),
  /** Epochs without a better validation loss after which a run ends. */
  patience: z.int().min(1),
  stemStride: z.union([z.literal(1), z.literal(2)]),
  base: z.enum(['variance', 'learned', 'queries']),
  heads: z.int().min(1).max(64),
  tau0: z.number().positive(),
  // What came later has a default, so that older runs stay readable: what they did.
  /** How much the score-function gradient counts beside straight-through, which alone lets most seeds collapse. */
  scoreWeight: z.number().nonnegative().default(0),
  features: z.enum(['handcrafted', 'learned', 'both']).default('handcrafted'),
  sampling: z.enum(['topk', 'systematic']).default('topk'),
  /** A-DPS: a round for each frame, or so many. */
  rounds: z.union([z.literal('each'), z.int().min(2).max(4)]).default('each'),
  classWeights: z.enum(CLASS_WEIGHTINGS).default('none'),
  /** Axes along which a series may be mirrored, by the toss of a coin each time it is shown. */
  mirror: z.array(z.enum(MIRROR_AXES)).default([]),
});

export type Protocol = z.infer<typeof protocolSchema>;

const COMMON: Protocol = {
  epochs: 15,
  batch: 16,
  learningRate: 1e-3,
  samplerRate: 0.3,
  warmupSteps: 50,
  weightDecay: 0.01,
  labelSmoothing: 0.05,
  dropout: 0.2,
  shift: 2,
  noise: 1,
  averaging: 0.98,
  patience: 8,
  stemStride: 2,
  base: 'learned',
  heads: 4,
  tau0: 1,
  scoreWeight: 0,
  features: 'handcrafted',
  sampling: 'topk',
  rounds: 'each',
  classWeights: 'none',
  mirror: [],
};

/**
 * What a run does unless told otherwise. Temperature and rate of DPS and A-DPS are those of their published code:
 * τ = 2, the logits of DPS ten times as fast as the network, A-DPS as fast, straight-through alone.
 */
export function defaultProtocol(sampler: TrainedSampler): Protocol {
  if (sampler === 'das') return { ...COMMON, scoreWeight: 1 };
  if (sampler === 'dps') return { ...COMMON, samplerRate: 10, tau0: 2 };
  if (sampler === 'adps') return { ...COMMON, samplerRate: 1, tau0: 2 };
  return COMMON;
}

export type ProtocolChanges = { readonly [Key in keyof Protocol]?: Protocol[Key] | undefined };

/** A sampler's default protocol but for what is given. */
export function protocolWith(sampler: TrainedSampler, changes: ProtocolChanges): Protocol {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  // A systematic choice has no likelihood for the score-function gradient.
  const systematic = changes.sampling === 'systematic' ? { scoreWeight: 0 } : {};
  return protocolSchema.parse({ ...defaultProtocol(sampler), ...systematic, ...Object.fromEntries(given) });
}

/** Learning rate of a step counted from 1: linear warm-up, then half a cosine down to 0. */
export function learningRateAt(
  step: number,
  totalSteps: number,
  { learningRate, warmupSteps }: Protocol,
): number {
  if (step <= warmupSteps) return (learningRate * step) / warmupSteps;
  const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  return 0.5 * learningRate * (1 + Math.cos(Math.PI * Math.min(1, progress)));
}
