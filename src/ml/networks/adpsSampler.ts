/**
 * A-DPS (van Gorp et al., ICML 2021): logits for the next frames depend on the frames taken so far, through an encoder
 * and an LSTM. Where the original has weights of its own for each step and each of N places, these are shared over the
 * rounds and read the place off a cosine code, so that one set serves any T and any k (docs/adr/0012).
 */
import type { Value } from '../graph/graph.ts';
import { hardSwish, sigmoid, tanh } from '../graph/ops/activations.ts';
import { add, multiply } from '../graph/ops/arithmetic.ts';
import { matMul } from '../graph/ops/matrix.ts';
import { swapLast } from '../graph/ops/shaping.ts';
import type { Tape } from '../graph/tape.ts';
import { kaiming, widthOf } from './denseLayer.ts';
import { ONE, type ParameterSource, ZERO, normal } from './parameters.ts';

/** Length of the LSTM's hidden state, and of its cell. */
export const ADPS_STATE = 64;
const EMBEDDING = 64;
const HIDDEN = 64;
/** Cosine coefficients drawn so that the first logits have about deviation 1, as those of the original have. */
const FIRST_LOGITS = normal(0.25);

/** Leading axes (none, or the batch) are the same in all; T frames. */
export interface AdpsFrames {
  /** […, T, 256]: small pictures of the frames. */
  readonly seen: Value;
  /** [T, 32]: cosine codes of the frames' places. */
  readonly places: Value;
}

export interface AdpsMemory {
  /** […, 1, T]: 1/n on the n frames taken so far, else 0. */
  readonly share: Value;
  /** […, 1, ADPS_STATE] */
  readonly hidden: Value;
  readonly cell: Value;
}

export interface AdpsAnswer {
  /** […, 1, T] */
  readonly logits: Value;
  readonly hidden: Value;
  readonly cell: Value;
}

/** One round from what was taken before to the logits of the next frames. */
export type AdpsStep = (memory: AdpsMemory) => AdpsAnswer;

/** Asks for the parameters and encodes every frame once; the rounds use both. */
export function adpsSampler(tape: Tape, source: ParameterSource, frames: AdpsFrames): AdpsStep {
  const encoded = encoder(tape, source, frames);
  const parameters = recurrentParameters(source);
  const coefficients = headParameters(source, widthOf(frames.places));
  return ({ share, hidden: before, cell }) => {
    const input = matMul(tape, share, encoded);
    const gate = (name: GateName): Value => {
      const { fromInput, fromState, bias } = parameters[name];
      return add(tape, add(tape, matMul(tape, input, fromInput), matMul(tape, before, fromState)), bias);
    };
    const kept = multiply(tape, sigmoid(tape, gate('forget')), cell);
    const fresh = multiply(tape, sigmoid(tape, gate('input')), tanh(tape, gate('candidate')));
    const next = add(tape, kept, fresh);
    const hidden = multiply(tape, sigmoid(tape, gate('output')), tanh(tape, next));
    return {
      hidden,
      cell: next,
      logits: matMul(tape, coefficients(tape, hidden), swapLast(tape, frames.places)),
    };
  };
}

/** […, T, EMBEDDING]. One layer over picture and place, each with a weight of its own: no copy is made to join them. */
function encoder(tape: Tape, source: ParameterSource, { seen, places }: AdpsFrames): Value {
  const start = kaiming(widthOf(seen) + widthOf(places));
  const part = (name: string, x: Value): Value =>
    matMul(tape, x, source.parameter(`adps/encoder/${name}`, [widthOf(x), EMBEDDING], start));
  const bias = source.parameter('adps/encoder/bias', [EMBEDDING], ZERO);
  return hardSwish(tape, add(tape, add(tape, part('seen', seen), part('place', places)), bias));
}

type GateName = 'forget' | 'input' | 'candidate' | 'output';
type GateParameters = Readonly<Record<'fromInput' | 'fromState' | 'bias', Value>>;

function recurrentParameters(source: ParameterSource): Readonly<Record<GateName, GateParameters>> {
  const spread = normal(1 / Math.sqrt(ADPS_STATE));
  const gate = (name: GateName): GateParameters => ({
    fromInput: source.parameter(`adps/lstm/${name}/input`, [EMBEDDING, ADPS_STATE], spread),
    fromState: source.parameter(`adps/lstm/${name}/state`, [ADPS_STATE, ADPS_STATE], spread),
    // A forget gate that starts open lets early rounds reach late ones (Jozefowicz et al. 2015).
    bias: source.parameter(`adps/lstm/${name}/bias`, [ADPS_STATE], name === 'forget' ? ONE : ZERO),
  });
  return {
    forget: gate('forget'),
    input: gate('input'),
    candidate: gate('candidate'),
    output: gate('output'),
  };
}

function headParameters(source: ParameterSource, codes: number): (tape: Tape, hidden: Value) => Value {
  const weight = source.parameter(
    'adps/hidden/weight',
    [ADPS_STATE, HIDDEN],
    normal(1 / Math.sqrt(ADPS_STATE)),
  );
  const bias = source.parameter('adps/hidden/bias', [HIDDEN], ZERO);
  const outWeight = source.parameter('adps/logits/weight', [HIDDEN, codes], normal(1 / Math.sqrt(HIDDEN)));
  const outBias = source.parameter('adps/logits/bias', [codes], FIRST_LOGITS);
  return (tape, hidden) => {
    const middle = hardSwish(tape, add(tape, matMul(tape, hidden, weight), bias));
    return add(tape, matMul(tape, middle, outWeight), outBias);
  };
}
