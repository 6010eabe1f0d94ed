import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../../../src/ml/engines/onnxRuntime.ts';
import type { ChoiceShape } from '../../../../src/ml/networks/choice.ts';
import { type LearnedSamplerSpec } from '../../../../src/ml/networks/sampledChoice.ts';
import { SEEN_COUNT } from '../../../../src/ml/samplers/adpsInputs.ts';
import { roundSizes } from '../../../../src/ml/samplers/takeRounds.ts';
import { samplerModel } from '../../../../src/ml/networks/inferenceGraphs.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';
import { CONTEXT_WIDTHS } from '../../../../src/ml/training/network.ts';
import { gaussian } from '../../../../src/ml/training/randomness.ts';
import { AdpsReference } from '../../../fixtures/adpsReference.ts';
import { stepSpec, trainingStep } from '../../../fixtures/trainingStep.ts';
import { floatsOf, tensor } from '../graph/checkGradients.ts';
import { DAS, PIXELS, type Sampled, TAU, VARIANTS, sample } from '../../../fixtures/sampledChoice.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await onnxRuntimeEngine('cpu', 1);
});

const SPECS: Record<string, (slots: number) => LearnedSamplerSpec> = {
  ...Object.fromEntries(Object.entries(VARIANTS).map(([name, spec]) => [name, () => spec])),
  dps: () => ({ kind: 'dps', noise: 1, tau0: TAU }),
  'adps, one by one': (slots) => ({ kind: 'adps', noise: 1, tau0: TAU, rounds: roundSizes('each', slots) }),
  'adps, two rounds': (slots) => ({ kind: 'adps', noise: 1, tau0: TAU, rounds: roundSizes(2, slots) }),
  'adps, four rounds': (slots) => ({ kind: 'adps', noise: 1, tau0: TAU, rounds: roundSizes(4, slots) }),
};

/** Every k of short series, some of longer ones. */
const SIZES: readonly (readonly [frames: number, slots: number])[] = [
  [1, 1],
  [2, 1],
  [2, 2],
  [3, 2],
  [5, 1],
  [5, 3],
  [5, 4],
  [5, 5],
  [17, 8],
  [31, 7],
];

describe.each(Object.entries(SPECS))('the sampling matrix of %s', (_, spec) => {
  it.each(SIZES)('of %d frames, k = %d: one-hot rows, no frame twice', async (frames, slots) => {
    for (const seed of [1, 2]) {
      const { choice } = await sample(engine, { batch: 3, frames, slots }, spec(slots), seed);
      for (let b = 0; b < 3; b++) {
        const rows = Array.from({ length: slots }, (_, j) =>
          Array.from(choice.subarray((b * slots + j) * frames, (b * slots + j + 1) * frames)),
        );
        for (const row of rows) expect(row.toSorted((x, y) => x - y)).toEqual([...zeros(frames - 1), 1]);
        expect(new Set(rows.map((row) => row.indexOf(1))).size).toBe(slots);
      }
    }
  });
});

const zeros = (length: number): number[] => new Array<number>(length).fill(0);

/** Σ upstream ⊙ P·X with P = P_hard + P_soft − P_soft(θ₀), the masks held fixed: what straight-through differentiates. */
class Relaxed {
  readonly #sampled: Sampled;
  readonly #shape: ChoiceShape;
  readonly #rounds: readonly number[];
  #still: number[][] = [];

  constructor(sampled: Sampled, shape: ChoiceShape, rounds: readonly number[]) {
    this.#sampled = sampled;
    this.#shape = shape;
    this.#rounds = rounds;
    const still: number[][] = [];
    this.#walk(sampled.weights, (soft) => still.push(soft));
    this.#still = still;
  }

  value(weights: ReadonlyMap<string, ArrayLike<number>>): number {
    return this.#walk(weights, () => 0);
  }

  #walk(weights: ReadonlyMap<string, ArrayLike<number>>, onSoft: (soft: number[]) => void): number {
    const { batch, frames, slots } = this.#shape;
    const { inputs, choice, frames: pictures, upstream } = this.#sampled;
    let total = 0;
    let at = 0;
    for (let b = 0; b < batch; b++) {
      const seen = inputs['seen']?.data.subarray(b * frames * SEEN_COUNT, (b + 1) * frames * SEEN_COUNT);
      const logits = weights.get('dps/logits') ?? [];
      const reference = seen === undefined ? null : new AdpsReference(weights, seen, frames);
      const tau = TAU;
      const taken = new Set<number>();
      let share = zeros(frames);
      let slot = 0;
      for (const [round, size] of this.#rounds.entries()) {
        const row = reference?.next(share.map((sum) => (slot === 0 ? 0 : sum / slot))) ?? logits;
        const noise = (t: number): number =>
          inputs['noise']!.data[(b * this.#rounds.length + round) * frames + t]!;
        for (let i = 0; i < size; i++, slot++, at++) {
          const powers = share.map((_, t) => (taken.has(t) ? 0 : Math.exp((row[t]! + noise(t)) / tau)));
          const sum = powers.reduce((x, y) => x + y, 0);
          const soft = powers.map((power) => power / sum);
          onSoft(soft);
          const offset = (b * slots + slot) * frames;
          const hard = choice.subarray(offset, offset + frames);
          const p = soft.map((value, t) => hard[t]! + value - (this.#still[at]?.[t] ?? value));
          for (let t = 0; t < frames; t++)
            for (let x = 0; x < PIXELS; x++)
              total +=
                p[t]! * pictures[(b * frames + t) * PIXELS + x]! * upstream[(b * slots + slot) * PIXELS + x]!;
          share = share.map((before, t) => before + p[t]!);
          taken.add(hard.indexOf(1));
        }
      }
    }
    return total;
  }
}

describe('straight-through gradients agree with central differences of the relaxed form', () => {
  const shape = { batch: 2, frames: 6, slots: 4 };

  it.each([
    ['dps', { kind: 'dps', noise: 1, tau0: TAU }, [4]],
    ['adps, one by one', { kind: 'adps', noise: 1, tau0: TAU, rounds: [1, 1, 1, 1] }, [1, 1, 1, 1]],
    ['adps, two rounds', { kind: 'adps', noise: 1, tau0: TAU, rounds: [2, 2] }, [2, 2]],
  ] as const)('%s', async (_, spec, rounds) => {
    const sampled = await sample(engine, shape, spec, 5);
    const relaxed = new Relaxed(sampled, shape, rounds);
    const weights = new Map([...sampled.weights].map(([name, values]) => [name, Float64Array.from(values)]));
    const step = 1e-5;
    for (const [name, values] of weights) {
      const gradient = sampled.gradients.get(name) ?? new Float32Array();
      const stride = Math.max(1, Math.floor(values.length / 12));
      for (let i = 0; i < values.length; i += stride) {
        const held = values[i]!;
        values[i] = held + step;
        const above = relaxed.value(weights);
        values[i] = held - step;
        const below = relaxed.value(weights);
        values[i] = held;
        expect(gradient[i], `${name}[${i}]`).toBeCloseTo((above - below) / (2 * step), 4);
      }
    }
  });
});

describe('the temperature of DAS', () => {
  it.each([0.1, 1, 30])(
    'stays between half and three halves of τ0 with weights of deviation %d',
    async (spread) => {
      const random = seededRandom(7);
      const step = trainingStep(stepSpec(1, 2), 1, spread);
      const weights = new Map(Object.entries(step.weights).map(([name, { data }]) => [name, data]));
      const tau0 = 1.5;
      const model = samplerModel(weights, { ...DAS, heads: 4, tau0 }, CONTEXT_WIDTHS);
      const session = await engine.createSession(model);
      const found: number[] = [];
      for (const frames of [1, 2, 9, 40]) {
        const draw = (length: number): Float32Array =>
          Float32Array.from({ length }, () => 4 * gaussian(random));
        const outputs = await session.run({
          perFrame: tensor([frames, CONTEXT_WIDTHS.perFrame], draw(frames * CONTEXT_WIDTHS.perFrame)),
          pooled: tensor([1, CONTEXT_WIDTHS.pooled], draw(CONTEXT_WIDTHS.pooled)),
          anchor: tensor([frames], draw(frames)),
          slots: tensor([1, 1], Float32Array.of(0.5)),
        });
        found.push(floatsOf(outputs, 'temperature')[0] ?? NaN);
      }
      await session.release();
      expect(found.every((tau) => tau >= 0.5 * tau0 && tau <= 1.5 * tau0)).toBe(true);
      expect(new Set(found).size).toBeGreaterThan(1);
    },
  );
});
