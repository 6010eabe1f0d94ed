/** All that changes while a run trains, and its way into `state.bin` and back. */
import { elementCount } from '../graph/shape.ts';
import type { ParameterSpec, Weights } from '../networks/parameters.ts';
import type { TrainingGraph } from '../networks/trainingGraph.ts';
import { seededRandom } from '../seededRandom.ts';
import type { AdamSlot } from './adam.ts';
import { gaussian } from './randomness.ts';

export interface TrainingState {
  readonly slots: readonly AdamSlot[];
  /** Running averages of the weights and of the batch statistics: what is validated and shipped. */
  readonly averages: Map<string, Float32Array>;
  /** Steps made. */
  step: number;
}

/** Freshly drawn weights; the same seed gives the same ones. */
export function initialState(graph: TrainingGraph, seed: number): TrainingState {
  const random = seededRandom(seed);
  const slots = graph.parameters.map((spec) => adamSlot(spec, drawStart(spec, random)));
  const averages = new Map(slots.map(({ spec, weight }) => [spec.name, weight.slice()]));
  for (const { name, channels } of graph.statistics) {
    averages.set(`${name}/mean`, new Float32Array(channels));
    averages.set(`${name}/variance`, new Float32Array(channels).fill(1));
  }
  return { slots, averages, step: 0 };
}

function adamSlot(spec: ParameterSpec, weight: Float32Array): AdamSlot {
  return { spec, weight, first: new Float32Array(weight.length), second: new Float32Array(weight.length) };
}

function drawStart({ shape, start }: ParameterSpec, random: () => number): Float32Array {
  return Float32Array.from({ length: elementCount(shape) }, () =>
    start.deviation === 0 ? start.mean : start.mean + start.deviation * gaussian(random),
  );
}

/**
 * Moves the averages towards the weights and the statistics of the last batch. Early steps count more, so that the
 * start is soon forgotten.
 * @param statistics by the names that `averages` has.
 */
export function updateAverages(state: TrainingState, statistics: Weights, averaging: number): void {
  const keep = Math.min(averaging, state.step / (state.step + 9));
  const blend = (name: string, latest: Float32Array): void => {
    const average = state.averages.get(name);
    if (average === undefined) return;
    for (let i = 0; i < average.length; i++) average[i] = keep * average[i]! + (1 - keep) * latest[i]!;
  };
  for (const { spec, weight } of state.slots) blend(spec.name, weight);
  for (const [name, latest] of statistics) blend(name, latest);
}

const PARTS = ['weight', 'first', 'second'] as const;

export function stateTensors(state: TrainingState): Weights {
  const slots = state.slots.flatMap((slot) =>
    PARTS.map((part) => [`${part}:${slot.spec.name}`, slot[part]] as const),
  );
  const averages = [...state.averages].map(([name, average]) => [`average:${name}`, average] as const);
  return new Map([['step', Float32Array.of(state.step)], ...slots, ...averages]);
}

/** @throws RangeError when the tensors do not belong to this network. */
export function restoreState(state: TrainingState, tensors: Weights): void {
  const take = (name: string, target: Float32Array): void => {
    const source = tensors.get(name);
    if (source?.length !== target.length) throw new RangeError(`${name} does not fit this network`);
    target.set(source);
  };
  const step = new Float32Array(1);
  take('step', step);
  for (const slot of state.slots) for (const part of PARTS) take(`${part}:${slot.spec.name}`, slot[part]);
  for (const [name, average] of state.averages) take(`average:${name}`, average);
  state.step = step[0]!;
}
