import type { SamplerContext } from './context.ts';

/** Inputs of a package's sampler graph, all but the slots. */
export interface ScoreInputs extends SamplerContext {
  /** T: where the base scores start. */
  readonly anchor: Float32Array;
}

/** Outputs of a package's sampler graph. */
export interface ScoreOutputs {
  /** T, z-scored over the frames. */
  readonly base: Float32Array;
  /** k × T. */
  readonly logits: Float32Array;
  readonly temperature: number;
}

/** Runs a sampler graph for k slots on whatever engine there is. */
export type ScoreGraph = (inputs: ScoreInputs, k: number) => Promise<ScoreOutputs>;
