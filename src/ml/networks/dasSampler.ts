/** The learned part of DAS (docs/das.md section 3): base scores, heads and temperature from the light features. */
import type { Card } from '../../contract/card.ts';
import type { Value } from '../graph/graph.ts';
import { hardSwish, sigmoid, softplus } from '../graph/ops/activations.ts';
import { add, divide, multiply, scale, shift, squareRoot, subtract } from '../graph/ops/arithmetic.ts';
import { linear, matMul } from '../graph/ops/matrix.ts';
import { mean, swapLast } from '../graph/ops/shaping.ts';
import type { Tape } from '../graph/tape.ts';
import { denseLayer, kaiming, widthOf } from './denseLayer.ts';
import { type ParameterSource, type Start, ZERO, normal } from './parameters.ts';
import { slotQuery } from './slotQuery.ts';

export interface SamplerSpec {
  /**
   * `variance`: the anchor alone; `learned`: anchor + MLP of the per-frame input; `queries`: anchor + what the slot asks
   * for, so that slots can want different frames.
   */
  readonly base: 'variance' | 'learned' | 'queries';
  readonly features: Card['sampler']['features'];
  readonly heads: number;
  readonly tau0: number;
}

/** Numbers per frame, of the handcrafted features, and per series. */
export interface SamplerWidths {
  readonly perFrame: number;
  readonly pooled: number;
}

/** Leading axes (none, or the batch) are the same in all; T frames, k slots. */
export interface SamplerInputs {
  /** […, T, per-frame width]. */
  readonly perFrame: Value;
  /** […, 1, pooled width]. */
  readonly pooled: Value;
  /** […, 1, T]: where the learned base starts. */
  readonly anchor: Value;
  /** [k, 1]: φ(j) = (j + ½)/k. */
  readonly slots: Value;
}

export interface SamplerOutputs {
  /** […, 1, T], z-scored over the frames; of `queries` the mean over the slots. */
  readonly base: Value;
  /** […, k, T]. */
  readonly logits: Value;
  /** […, 1, 1]. */
  readonly temperature: Value;
}

const HIDDEN = 32;
const TEMPERATURE_HIDDEN = 16;
/** softplus(x) = 4: slots start sharp, so that noise explores around the best k instead of drowning them. */
const SHARP_START: Start = { mean: Math.log(Math.expm1(4)), deviation: 0 };
const SMALL = normal(0.01);
const SCALE_FLOOR = 0.01;
const VARIANCE_FLOOR = 1e-6;

export function dasSampler(
  tape: Tape,
  source: ParameterSource,
  inputs: SamplerInputs,
  spec: SamplerSpec,
): SamplerOutputs {
  const scores =
    spec.base === 'queries'
      ? queriedScores(tape, source, inputs, spec.heads)
      : sharedScores(tape, source, inputs, { heads: spec.heads, base: spec.base });
  return { ...scores, temperature: temperatureOf(tape, source, inputs.pooled, spec.tau0) };
}

type Scores = Pick<SamplerOutputs, 'base' | 'logits'>;

/** All slots rank the frames alike, each as sharply as its scale says. */
function sharedScores(
  tape: Tape,
  source: ParameterSource,
  inputs: SamplerInputs,
  { base: kind, heads }: { readonly base: 'variance' | 'learned'; readonly heads: number },
): Scores {
  const raw =
    kind === 'variance'
      ? inputs.anchor
      : add(tape, inputs.anchor, swapLast(tape, baseResidual(tape, source, inputs.perFrame)));
  const base = standardize(tape, raw);
  const scales = headNames(heads).map((name) => slotScale(tape, source, name, inputs));
  // A^n = a ⊙ s^n, so the mean over the heads is a times the mean scale.
  return { base, logits: multiply(tape, meanOf(tape, scales), base) };
}

/** A^n(j) = s^n(j) · z(anchor + ⟨query^n(j), key^n(t)⟩/√d). */
function queriedScores(tape: Tape, source: ParameterSource, inputs: SamplerInputs, heads: number): Scores {
  const rows = headNames(heads).map((name) =>
    standardize(tape, add(tape, inputs.anchor, slotQuery(tape, source, name, inputs))),
  );
  const scaled = headNames(heads).map((name, n) =>
    multiply(tape, slotScale(tape, source, name, inputs), rows[n]!),
  );
  const base = standardize(tape, mean(tape, meanOf(tape, rows), -2));
  return { base, logits: meanOf(tape, scaled) };
}

const headNames = (heads: number): string[] => Array.from({ length: heads }, (_, n) => `head${n + 1}`);

function meanOf(tape: Tape, values: readonly Value[]): Value {
  return scale(
    tape,
    values.reduce((sum, value) => add(tape, sum, value)),
    1 / values.length,
  );
}

/** (x − mean)/√(variance + ε) over the last axis; a constant row becomes zeros. */
function standardize(tape: Tape, x: Value): Value {
  const centered = subtract(tape, x, mean(tape, x, -1));
  const variance = mean(tape, multiply(tape, centered, centered), -1);
  return divide(tape, centered, squareRoot(tape, shift(tape, variance, VARIANCE_FLOOR)));
}

/** […, T, width] to […, T, 1]; the last layer starts at zero, so that learning starts at the anchor. */
function baseResidual(tape: Tape, source: ParameterSource, perFrame: Value): Value {
  const width = widthOf(perFrame);
  const hidden = hardSwish(tape, denseLayer(tape, source, 'base/hidden', perFrame, HIDDEN, kaiming(width)));
  return denseLayer(tape, source, 'base/score', hidden, 1, ZERO);
}

/** s(j) = softplus(MLP([pooled, φ(j)])) + 0.01: […, k, 1]. The first layer is split into its two inputs. */
function slotScale(tape: Tape, source: ParameterSource, name: string, inputs: SamplerInputs): Value {
  const width = widthOf(inputs.pooled);
  const context = denseLayer(tape, source, `${name}/context`, inputs.pooled, HIDDEN, kaiming(width + 1));
  const slotWeight = source.parameter(`${name}/slot/weight`, [1, HIDDEN], kaiming(1));
  const hidden = hardSwish(tape, add(tape, context, matMul(tape, inputs.slots, slotWeight)));
  const weight = source.parameter(`${name}/scale/weight`, [HIDDEN, 1], SMALL);
  const bias = source.parameter(`${name}/scale/bias`, [1], SHARP_START);
  return shift(tape, softplus(tape, linear(tape, hidden, weight, bias)), SCALE_FLOOR);
}

/** τ0·(½ + σ(MLP(pooled))): between ½ and 3/2 of τ0. */
function temperatureOf(tape: Tape, source: ParameterSource, pooled: Value, tau0: number): Value {
  const width = widthOf(pooled);
  const hidden = denseLayer(tape, source, 'temperature/hidden', pooled, TEMPERATURE_HIDDEN, kaiming(width));
  const raw = denseLayer(tape, source, 'temperature/value', hardSwish(tape, hidden), 1, SMALL);
  return scale(tape, shift(tape, sigmoid(tape, raw), 0.5), tau0);
}
