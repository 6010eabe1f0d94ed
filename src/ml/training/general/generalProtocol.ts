import { POOLED_COUNT } from '../../../contract/card.ts';
import { FEATURE_COUNT } from '../../../contract/sampling.ts';
import type { SamplerSpec, SamplerWidths } from '../../networks/dasSampler.ts';

/** How the `general` sampler trains; every figure goes into its card. */
export interface GeneralProtocol {
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Drawn series beside the real ones. */
  readonly generated: number;
}

export const GENERAL_PROTOCOL: GeneralProtocol = {
  epochs: 20,
  batch: 12,
  learningRate: 3e-3,
  weightDecay: 1e-3,
  generated: 240,
};

export const GENERAL_SPEC: SamplerSpec = { base: 'learned', features: 'handcrafted', heads: 4, tau0: 3 };
/** With position: u and u(1 − u) beside the features of a frame and of its neighbours. */
export const GENERAL_WIDTHS: SamplerWidths = { perFrame: 3 * FEATURE_COUNT + 2, pooled: POOLED_COUNT };
