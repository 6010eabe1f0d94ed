/** The decode worker: reads and decodes frames of any series, and measures them while their pixels are in the cache. */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Frame } from '../../contract/frame.ts';
import type { VoiTransform } from '../../contract/series.ts';
import { loadFrame, type FrameRequest } from '../../imaging/frames/loadFrame.ts';
import { serveTasks, type TaskResult } from '../../imaging/frames/serveTasks.ts';
import { thumbnail } from '../../imaging/frames/thumbnail.ts';
import type { TemporalJob } from '../../ml/features/featureAccumulator.ts';
import { temporalFeatures } from '../../ml/features/temporalFeatures.ts';
import { loadFeatureKernel } from '../../ml/features/wasmKernel.ts';
import { measureFrame } from '../measureFrame.ts';

export interface DecodeWorkerData {
  /** File of the SIMD kernel; null: the plain reference. */
  kernel: string | null;
}

export interface ThumbnailRequest extends FrameRequest {
  /** Longer side in pixels. */
  size: number;
  window: VoiTransform | null;
}

const { kernel: kernelFile } = workerData as DecodeWorkerData;
const kernel = kernelFile === null ? null : loadFeatureKernel(new Uint8Array(readFileSync(kernelFile)));

async function decode(request: FrameRequest): Promise<TaskResult> {
  const frame = await loadFrame(request);
  return { result: { frame, measured: measureFrame(frame, kernel) }, transfer: buffersOf(frame) };
}

/** The planes lie on shared memory: nothing is copied. */
function compare({ previous, current, next }: TemporalJob): Promise<TaskResult> {
  const start = performance.now();
  const temporal = temporalFeatures(previous, current, next, kernel);
  return Promise.resolve({ result: { temporal, ms: performance.now() - start } });
}

async function makeThumbnail({ size, window, ...request }: ThumbnailRequest): Promise<TaskResult> {
  const picture = thumbnail(await loadFrame(request), window, size);
  return { result: picture, transfer: [picture.pixels.buffer as ArrayBuffer] };
}

const buffersOf = ({ values }: Frame): ArrayBuffer[] =>
  values.buffer instanceof ArrayBuffer && values.byteLength === values.buffer.byteLength
    ? [values.buffer]
    : [];

if (parentPort !== null) serveTasks(parentPort, { decode, compare, thumbnail: makeThumbnail });
