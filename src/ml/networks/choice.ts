/** What the samplers' training graphs have in common. */
import type { Value } from '../graph/graph.ts';
import { add } from '../graph/ops/arithmetic.ts';
import type { Tape } from '../graph/tape.ts';
import type { ImageLayers } from './imageLayers.ts';
import type { ParameterSource } from './parameters.ts';

/** What a network takes its weights from: plain ones, and those of its image layers. */
export interface NetworkParts {
  readonly source: ParameterSource;
  readonly layers: ImageLayers;
}

export interface ChoiceShape {
  readonly batch: number;
  /** T and k. */
  readonly frames: number;
  readonly slots: number;
}

/** How a training step chose. */
export interface SampledChoice {
  /** P [B, k, T]. */
  readonly choice: Value;
  /** ln P of the choice under the noise, [B, 1, 1]; null where that is of no use. */
  readonly logLikelihood: Value | null;
}

/** [B, 1, 1], not learned. */
export function constantTemperature(tape: Tape, batch: number, tau0: number): Value {
  return tape.graph.constant(new Float32Array(batch).fill(tau0), [batch, 1, 1]);
}

/** [B, 1, T] to [B, rows, T]. */
export function repeatRow(tape: Tape, row: Value, rows: number): Value {
  return add(tape, row, tape.graph.constant(new Float32Array(rows), [rows, 1]));
}
