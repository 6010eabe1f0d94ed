import type { TrainDocument } from '../contract/documents.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { ComparedName } from '../contract/sampling.ts';
import { TRAINED_SAMPLERS } from '../ml/training/chooseFrames.ts';
import { type ProtocolChanges, protocolWith } from '../ml/training/protocol.ts';
import type { EpochRecord } from '../ml/training/runFolder.ts';
import { commandEngine } from './commandEngine.ts';
import { trainRun } from '../ml/training/trainRun.ts';
import { readLabelledData } from './labelledData.ts';
import type { Installation } from './installation.ts';
import { programCommit } from './programCommit.ts';

export interface TrainRequest {
  data: string;
  dataDir: string | undefined;
  sampler: ComparedName;
  ratio: number;
  seed: number;
  /** What differs from the sampler's default protocol. */
  protocol: ProtocolChanges;
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
  const { protocol, ratio, seed, resume, onEpoch, signal } = request;
  return trainRun(
    {
      folder: request.out,
      data,
      sampler,
      ratio,
      seed,
      protocol: protocolWith(sampler, protocol),
      engine,
      resume,
      commit: await programCommit(installation),
    },
    { onEpoch, signal },
  );
}
