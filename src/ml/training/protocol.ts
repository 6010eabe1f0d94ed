import { z } from 'zod';

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
  noise: z.number().nonnegative(),
  /** Share that running averages keep per step: of weights, and of batch statistics. */
  averaging: z.number().min(0).max(0.9999),
  /** Epochs without a better validation loss after which a run ends. */
  patience: z.int().min(1),
  stemStride: z.union([z.literal(1), z.literal(2)]),
  base: z.enum(['variance', 'learned']),
  heads: z.int().min(1).max(64),
  tau0: z.number().positive(),
});

export type Protocol = z.infer<typeof protocolSchema>;

export const DEFAULT_PROTOCOL: Protocol = {
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
};

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
