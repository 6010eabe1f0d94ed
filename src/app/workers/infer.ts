/**
 * The inference worker: owns the engine and its sessions, and ends only when it is asked to and nothing runs.
 * Tasks come one at a time (`Inference` sees to it).
 */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameFeatures } from '../../contract/sampling.ts';
import type { EngineChoice } from '../../contract/engineChoice.ts';
import { serveTasks, type TaskResult } from '../../imaging/frames/serveTasks.ts';
import { chooseEngine } from '../../ml/engines/chooseEngine.ts';
import { loadFeatureKernel } from '../../ml/features/wasmKernel.ts';
import { RUN } from '../inferenceFlag.ts';
import { InferenceService, type ClassifyTask, type SelectTask } from '../inferenceService.ts';

export interface InferWorkerData {
  engine: EngineChoice;
  threads: number;
  wasmFolder: string | null;
  /** File of the SIMD kernel; null: plain TypeScript. */
  kernel: string | null;
  /** One element on shared memory. */
  flag: Int32Array;
}

/** Features are null when they are those of the message before. */
export interface SelectMessage extends Omit<SelectTask, 'features'> {
  readonly features: FrameFeatures | null;
}

if (parentPort !== null) {
  const port = parentPort;
  const { flag, engine, threads, wasmFolder, kernel: kernelFile } = workerData as InferWorkerData;
  const kernel = kernelFile === null ? null : loadFeatureKernel(new Uint8Array(readFileSync(kernelFile)));
  const cancelled = (): boolean => Atomics.load(flag, 0) !== RUN;
  const service = new InferenceService(engine, { threads, wasmFolder, kernel, chooseEngine }, cancelled);
  const reply = async (result: Promise<unknown>): Promise<TaskResult> => ({ result: await result });
  let latest: FrameFeatures | null = null;
  const withFeatures = ({ features, ...task }: SelectMessage): SelectTask => {
    latest = features ?? latest;
    if (latest === null) throw new KeysliceError('INTERNAL', { reason: 'a selection without features' });
    return { ...task, features: latest };
  };
  serveTasks(port, {
    engineReport: () => reply(service.engineReport()),
    useEngine: (choice: EngineChoice) => reply(service.useEngine(choice)),
    open: (folders: readonly string[]) => reply(service.open(folders)),
    select: (message: SelectMessage) => reply(service.select(withFeatures(message))),
    classify: (task: ClassifyTask) => reply(service.classify(task)),
    close: async () => {
      await service.close();
      // After the answer: without its port the thread has nothing left to wait for.
      setImmediate(() => {
        port.close();
      });
      return { result: null };
    },
  });
}
