import type { FrameFeatures } from '../../../contract/sampling.ts';

/** A series that the `general` sampler learns from or is measured on. */
export interface RebuildSeries {
  readonly source: string;
  readonly name: string;
  readonly features: FrameFeatures;
}
