import { KeysliceError } from '../../contract/errors.ts';
import type { FrameFeatures, SamplerName, Selection } from '../../contract/sampling.ts';

export interface SelectOptions {
  /** Of samplers that draw. */
  readonly seed?: number;
  /** Whether `logits` and `matrix` are wanted, k × T numbers each; samplers that choose by them give them anyway. */
  readonly matrix?: boolean;
}

/** Chooses k of the T frames of a series; works for any T ≥ 1 and any 1 ≤ k ≤ T (docs/das.md section 1). */
export interface Sampler {
  readonly name: SamplerName;
  /** @throws KeysliceError SAMPLER_NOT_APPLICABLE; INTERNAL when k is not between 1 and T */
  select(features: FrameFeatures, k: number, options?: SelectOptions): Promise<Selection>;
}

/** @throws KeysliceError SAMPLER_NOT_APPLICABLE when a graph gave something that is no number */
export function requireNumbers(sampler: SamplerName, ...outputs: readonly Float32Array[]): void {
  if (outputs.every(allFinite)) return;
  const reason = 'the package computes scores of this series that are no numbers';
  throw new KeysliceError('SAMPLER_NOT_APPLICABLE', { sampler, reason });
}

function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

/** The number of frames, after checking that k of them can be chosen. */
export function checkedCount({ frames }: FrameFeatures, k: number): number {
  if (!Number.isInteger(k) || k < 1 || k > frames.length) {
    throw new KeysliceError('INTERNAL', { reason: `${k} of ${frames.length} frames cannot be chosen` });
  }
  return frames.length;
}
