import { availableParallelism } from 'node:os';
import { WorkerPool } from '../imaging/frames/workerPool.ts';
import type { Installation } from './installation.ts';
import type { DecodeWorkerData } from './workers/decode.ts';

/** The threads that decode and measure frames: one for each core but that of the window and the engine. */
export function decodePool({ decodeWorker, kernel }: Installation): WorkerPool {
  const workerData: DecodeWorkerData = { kernel };
  return new WorkerPool({ url: decodeWorker, size: Math.max(1, availableParallelism() - 1), workerData });
}
