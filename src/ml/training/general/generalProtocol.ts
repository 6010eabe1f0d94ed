import { POOLED_COUNT } from '../../../contract/card.ts';
import type { SamplerSpec, SamplerWidths } from '../../networks/dasSampler.ts';
import { contextWidth } from '../../packages/checkGraphs.ts';

/** How the `general` sampler trains; every figure goes into its card. */
export interface GeneralProtocol {
  readonly epochs: number;
  /** Lessons: a series at one of its ratios. */
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Drawn series beside the real ones. */
  readonly generated: number;
}

export const GENERAL_PROTOCOL: GeneralProtocol = {
  epochs: 20,
  batch: 36,
  learningRate: 3e-3,
  weightDecay: 1e-3,
  generated: 240,
};

export const GENERAL_SPEC: SamplerSpec = { base: 'learned', features: 'handcrafted', heads: 4, tau0: 3 };
/** What its frames are told beside their handcrafted features. */
export const GENERAL_COLUMNS = { position: true, gaps: true } as const;
export const GENERAL_WIDTHS: SamplerWidths = {
  perFrame: contextWidth(GENERAL_COLUMNS),
  pooled: POOLED_COUNT,
};
