import { KeysliceError, throwIfCancelled } from '../../../contract/errors.ts';
import type { Engine, EngineSession, Tensor, Tensors } from '../../engines/engine.ts';
import { elementCount } from '../../graph/shape.ts';
import { samplerGradientGraph } from '../../networks/samplerGradientGraph.ts';
import type { ParameterSpec, Weights } from '../../networks/parameters.ts';
import { gradientName } from '../../networks/trainingGraph.ts';
import type { RebuildCosts } from '../../samplers/rebuildCosts.ts';
import type { ScoreInputs } from '../../samplers/scoreGraph.ts';
import { seededRandom } from '../../seededRandom.ts';
import { adamStep, decays, type AdamSlot } from '../adam.ts';
import { gaussian, shuffled } from '../randomness.ts';
import { GENERAL_SPEC, GENERAL_WIDTHS, type GeneralProtocol } from './generalProtocol.ts';
import { rebuildInputs, type RebuildTarget, type RebuildTask } from './rebuildTask.ts';
import { seriesLoss } from './seriesLoss.ts';

/**
 * Slots have no say in a density. Their scales would start at 4, for noise that is not drawn here, and would only
 * magnify in the logits by what the base of an almost still series differs between engines: softplus(0.53) + 0.01 ≈ 1.
 */
const PLAIN_SCALE = Float32Array.of(Math.log(Math.expm1(0.99)));

export interface TrainGeneralHooks {
  readonly signal?: AbortSignal;
  /** Mean loss of the epoch, per lesson. */
  readonly onEpoch?: (epoch: number, loss: number) => void;
}

/** A series at one of its ratios. */
interface Lesson {
  readonly costs: RebuildCosts;
  readonly target: RebuildTarget;
  readonly inputs: ScoreInputs;
}

const lessonsOf = ({ costs, targets, features }: RebuildTask): Lesson[] =>
  targets.map((target) => ({ costs, target, inputs: rebuildInputs(features, target.k) }));

/** Weights of the `general` sampler from series alone; the same seed and series give the same weights. */
export async function trainGeneral(
  tasks: readonly RebuildTask[],
  engine: Engine,
  protocol: GeneralProtocol,
  seed: number,
  { signal, onEpoch }: TrainGeneralHooks = {},
): Promise<Weights> {
  const random = seededRandom(seed);
  const sessions = new GradientSessions(engine);
  const slots = sessions.parameters.map((spec) => startSlot(spec, random));
  const learning = slots.filter(({ spec }) => sessions.trained.includes(spec.name));
  const lessons = tasks.flatMap(lessonsOf);
  const steps = protocol.epochs * Math.ceil(lessons.length / protocol.batch);
  let step = 0;
  try {
    for (let epoch = 0; epoch < protocol.epochs; epoch++) {
      const order = shuffled(lessons.length, random);
      let sum = 0;
      for (let first = 0; first < order.length; first += protocol.batch) {
        throwIfCancelled(signal);
        const batch = order.slice(first, first + protocol.batch).flatMap((index) => lessons[index] ?? []);
        const gradients = learning.map(({ weight }) => new Float32Array(weight.length));
        for (const lesson of batch) sum += await sessions.addGradients(lesson, slots, learning, gradients);
        const learningRate = protocol.learningRate * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
        step++;
        learning.forEach((slot, i) => {
          const weightDecay = decays(slot.spec) ? protocol.weightDecay : 0;
          const mean = gradients[i]!.map((part) => part / batch.length);
          adamStep(slot, mean, step, { learningRate, weightDecay });
        });
      }
      onEpoch?.(epoch, sum / lessons.length);
    }
  } finally {
    await sessions.release();
  }
  return new Map(slots.map(({ spec, weight }) => [spec.name, isScale(spec.name) ? PLAIN_SCALE : weight]));
}

const isScale = (name: string): boolean => /^head\d+\/scale\/bias$/.test(name);

function startSlot(spec: ParameterSpec, random: () => number): AdamSlot {
  const length = elementCount(spec.shape);
  const { mean, deviation } = spec.start;
  const weight = Float32Array.from(
    { length },
    () => mean + (deviation > 0 ? deviation * gaussian(random) : 0),
  );
  return { spec, weight, first: new Float32Array(length), second: new Float32Array(length) };
}

/** The gradient graph has a fixed number of frames: one session for each number that occurs. */
class GradientSessions {
  readonly parameters: readonly ParameterSpec[];
  readonly trained: readonly string[];
  readonly #engine: Engine;
  readonly #sessions = new Map<number, EngineSession>();

  constructor(engine: Engine) {
    const { parameters, trained } = samplerGradientGraph(GENERAL_SPEC, GENERAL_WIDTHS, 2);
    this.parameters = parameters;
    this.trained = trained;
    this.#engine = engine;
  }

  /** @returns the loss of the lesson; its gradients are added */
  async addGradients(
    { costs, target, inputs: told }: Lesson,
    slots: readonly AdamSlot[],
    learning: readonly AdamSlot[],
    gradients: readonly Float32Array[],
  ): Promise<number> {
    const { perFrame, pooled, anchor } = told;
    const frames = anchor.length;
    const session = await this.#session(frames);
    const inputs: Record<string, Tensor> = {
      perFrame: float32(perFrame, [frames, perFrame.length / frames]),
      pooled: float32(pooled, [1, pooled.length]),
      anchor: float32(anchor, [1, frames]),
    };
    for (const { spec, weight } of slots) inputs[spec.name] = float32(weight, spec.shape);
    const still = { ...inputs, upstream: float32(new Float32Array(frames), [1, frames]) };
    const { value, gradient } = seriesLoss(costs, target, floats(await session.run(still), 'score'));
    const moved = await session.run({ ...inputs, upstream: float32(gradient, [1, frames]) });
    learning.forEach(({ spec }, i) => {
      const sums = gradients[i]!;
      floats(moved, gradientName(spec.name)).forEach((part, at) => {
        sums[at]! += part;
      });
    });
    return value;
  }

  async release(): Promise<void> {
    for (const session of this.#sessions.values()) await session.release();
    this.#sessions.clear();
  }

  async #session(frames: number): Promise<EngineSession> {
    const known = this.#sessions.get(frames);
    if (known !== undefined) return known;
    const { model } = samplerGradientGraph(GENERAL_SPEC, GENERAL_WIDTHS, frames);
    const session = await this.#engine.createSession(model);
    this.#sessions.set(frames, session);
    return session;
  }
}

const float32 = (data: Float32Array, dims: readonly number[]): Tensor => ({ type: 'float32', dims, data });

function floats(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new KeysliceError('INTERNAL', { reason: `the gradient graph gives no ${name}` });
}
