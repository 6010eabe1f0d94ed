import type { TrainDocument } from '../contract/documents.ts';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError } from '../contract/errors.ts';
import type { ComparedName } from '../contract/sampling.ts';
import { TRAINED_SAMPLERS } from '../ml/training/chooseFrames.ts';
import { fittedProtocol } from '../ml/training/fittedProtocol.ts';
import { type ProtocolChanges, protocolWith } from '../ml/training/protocol.ts';
import type { EpochRecord } from '../ml/training/runFolder.ts';
import { commandEngine } from './commandEngine.ts';
import { trainRun } from '../ml/training/trainRun.ts';
import { readConfig } from '../ml/training/runFolder.ts';
import { readStartingWeights } from '../ml/training/startingWeights.ts';
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
  /** Folder of a run whose kept weights are started from; undefined: all are drawn. */
  init: string | undefined;
  /** Side of the frames, for a list of studies; default 112. */
  size: number | undefined;
  /** Frames that every study of a list is brought to while training; default: their median. */
  frames: number | undefined;
  signal: AbortSignal;
  onEpoch: (record: EpochRecord) => void;
  onEngine: (line: string) => void;
  onStudy: (done: number, total: number) => void;
  onNote: (line: string) => void;
}

/** Larger than most findings need, small enough for a CPU. */
const DEFAULT_SIZE = 112;

/**
 * Trains a sampler and its classifier in this process. The test split is not read.
 * @throws KeysliceError DATA_NOT_FOUND, DATA_INVALID, LABELS_INVALID, GROUP_IN_TWO_SPLITS, SAMPLER_NOT_APPLICABLE, TARGET_NOT_EMPTY, RUN_INVALID, CANCELLED
 */
export async function train(installation: Installation, request: TrainRequest): Promise<TrainDocument> {
  const sampler = TRAINED_SAMPLERS.find((name) => name === request.sampler);
  if (sampler === undefined)
    throw new KeysliceError('SAMPLER_NOT_APPLICABLE', {
      sampler: request.sampler,
      reason: `these can be trained: ${TRAINED_SAMPLERS.join(', ')}`,
    });
  const started = request.resume ? await readConfig(request.out) : null;
  const data = await readLabelledData(installation, {
    ...request,
    size: started?.rows ?? request.size ?? DEFAULT_SIZE,
    frames: started?.frames ?? request.frames ?? null,
    classes: null,
  });
  const engine = await commandEngine(request.engine, request.onEngine);
  const { ratio, seed, resume, init, onEpoch, signal } = request;
  const protocol = protocolWith(sampler, request.protocol);
  return trainRun(
    {
      folder: request.out,
      data,
      sampler,
      ratio,
      seed,
      // Published sets are large enough; a list of studies may hold a few dozen.
      protocol: data.folder === undefined ? protocol : fittedProtocol(protocol, data.splits.train.count),
      engine,
      ...(init === undefined ? {} : { start: await readStartingWeights(init) }),
      resume,
      commit: await programCommit(installation),
    },
    { onEpoch, signal },
  );
}
