import type { TrainDocument } from '../contract/documents.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { SamplerName } from '../contract/sampling.ts';
import { TRAINED_SAMPLERS } from '../ml/training/chooseFrames.ts';
import { DEFAULT_PROTOCOL } from '../ml/training/protocol.ts';
import type { EpochRecord } from '../ml/training/runFolder.ts';
import { commandEngine } from './commandEngine.ts';
import { trainRun } from '../ml/training/trainRun.ts';
import { readLabelledData } from './labelledData.ts';
import type { Installation } from './installation.ts';
import { programCommit } from './programCommit.ts';

export interface TrainRequest {
  data: string;
  dataDir: string | undefined;
  sampler: SamplerName;
  ratio: number;
  seed: number;
  epochs: number | undefined;
  engine: EngineChoice;
  out: string;
  resume: boolean;
  signal: AbortSignal;
  onEpoch: (record: EpochRecord) => void;
  onEngine: (line: string) => void;
}

/**
 * Trains a sampler and its classifier in this process. The test split is not read.
 * @throws KeysliceError DATA_NOT_FOUND, DATA_INVALID, SAMPLER_NOT_APPLICABLE, TARGET_NOT_EMPTY, RUN_INVALID, CANCELLED
 */
export async function train(installation: Installation, request: TrainRequest): Promise<TrainDocument> {
  const sampler = TRAINED_SAMPLERS.find((name) => name === request.sampler);
  if (sampler === undefined)
    throw new KeysliceError('SAMPLER_NOT_APPLICABLE', {
      sampler: request.sampler,
      reason: `these can be trained: ${TRAINED_SAMPLERS.join(', ')}`,
    });
  const data = await readLabelledData(installation, request.data, request.dataDir);
  const engine = await commandEngine(request.engine, request.onEngine);
  const { epochs = DEFAULT_PROTOCOL.epochs, ratio, seed, resume, onEpoch, signal } = request;
  return trainRun(
    {
      folder: request.out,
      data,
      sampler,
      ratio,
      seed,
      protocol: { ...DEFAULT_PROTOCOL, epochs },
      engine,
      resume,
      commit: await programCommit(installation),
    },
    { onEpoch, signal },
  );
}
