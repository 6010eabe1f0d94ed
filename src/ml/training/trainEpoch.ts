import { throwIfCancelled } from '../../contract/errors.ts';
import type { EngineSession, Tensors } from '../engines/engine.ts';
import { graphFault } from '../graph/shape.ts';
import { type TrainingGraph, gradientName } from '../networks/trainingGraph.ts';
import { seededRandom } from '../seededRandom.ts';
import { adamStep, decays } from './adam.ts';
import { batchInputs } from './batchInputs.ts';
import type { PreparedSplit } from './prepareVolumes.ts';
import { learningRateAt } from './protocol.ts';
import { shuffled } from './randomness.ts';
import type { RunConfig } from './runFolder.ts';
import { type TrainingState, updateAverages } from './trainingState.ts';

export interface EpochTask {
  readonly config: RunConfig;
  readonly graph: TrainingGraph;
  readonly session: EngineSession;
  readonly split: PreparedSplit;
}

export function stepsPerEpoch(split: PreparedSplit, { protocol }: RunConfig): number {
  return Math.floor(split.series.length / protocol.batch);
}

/**
 * One pass over the split in random order; what does not fill a batch is left out of this pass. The draws depend on
 * seed and epoch alone, so a resumed run goes on as if it had not stopped.
 * @returns mean training loss.
 * @throws KeysliceError CANCELLED between steps.
 */
export async function trainEpoch(
  { config, graph, session, split }: EpochTask,
  state: TrainingState,
  epoch: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const random = seededRandom(Math.imul(config.seed + 1, 0x9e3779b1) ^ epoch);
  const order = shuffled(split.series.length, random);
  const steps = stepsPerEpoch(split, config);
  const { batch, epochs } = config.protocol;
  let total = 0;
  for (let i = 0; i < steps; i++) {
    throwIfCancelled(signal);
    const inputs = batchInputs(config, split, order.slice(i * batch, (i + 1) * batch), random);
    const outputs = await session.run({ ...inputs, ...weightInputs(state) });
    applyStep(config, graph, state, outputs, steps * epochs);
    total += floats(outputs, 'loss')[0] ?? NaN;
  }
  return total / steps;
}

function weightInputs({ slots }: TrainingState): Tensors {
  return Object.fromEntries(
    slots.map(({ spec, weight }) => [spec.name, { type: 'float32', dims: spec.shape, data: weight }]),
  );
}

function applyStep(
  { protocol }: RunConfig,
  graph: TrainingGraph,
  state: TrainingState,
  outputs: Tensors,
  totalSteps: number,
): void {
  state.step++;
  const rate = learningRateAt(state.step, totalSteps, protocol);
  for (const slot of state.slots) {
    const { name } = slot.spec;
    adamStep(slot, floats(outputs, gradientName(name)), state.step, {
      learningRate: isClassifier(name) ? rate : rate * protocol.samplerRate,
      weightDecay: decays(slot.spec) ? protocol.weightDecay : 0,
    });
  }
  const statistics = graph.statistics.flatMap(({ name }) =>
    [`${name}/mean`, `${name}/variance`].map((key) => [key, floats(outputs, key)] as const),
  );
  updateAverages(state, new Map(statistics), protocol.averaging);
}

/** The parameters of DAS are those of base, heads and temperature; the other samplers' bear their names. */
function isClassifier(parameter: string): boolean {
  return !/^(features|base|head\d+|temperature|dps|adps)\//.test(parameter);
}

function floats(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw graphFault(`there is no output ${name}`);
  return data;
}
