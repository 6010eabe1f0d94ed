import type { Weights } from '../networks/parameters.ts';
import { type RunConfig, invalidRun, readConfig, readTensors, weightsHash } from './runFolder.ts';
import type { TrainingState } from './trainingState.ts';

/** The kept checkpoint of another run, to start from. */
export interface StartingWeights {
  readonly folder: string;
  /** For the record of the run that starts from them. */
  readonly facts: NonNullable<RunConfig['start']>;
  readonly weights: Weights;
}

/** @throws KeysliceError RUN_INVALID */
export async function readStartingWeights(folder: string): Promise<StartingWeights> {
  const { data } = await readConfig(folder);
  const weights = await readTensors(folder, 'weights');
  return { folder, weights, facts: { data: data.name, md5: data.md5, weights: await weightsHash(folder) } };
}

/**
 * Puts in what fits by name and size; what another task has otherwise, as the last layer of another number of classes,
 * stays as it was drawn.
 * @throws KeysliceError RUN_INVALID when nothing fits
 */
export function startFrom(state: TrainingState, { folder, weights }: StartingWeights): void {
  const parts = [...state.slots.map(({ spec, weight }) => [spec.name, weight] as const), ...state.averages];
  const fitting = parts.filter(([name, target]) => weights.get(name)?.length === target.length);
  if (fitting.length === 0) throw invalidRun(folder, 'none of its weights fits this network');
  for (const [name, target] of fitting) target.set(weights.get(name) ?? []);
}
