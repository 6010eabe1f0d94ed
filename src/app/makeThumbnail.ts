import type { ThumbnailMessage } from '../contract/ipc.ts';
import type { WorkerPool } from '../imaging/frames/workerPool.ts';
import type { Thumbnail } from '../imaging/frames/thumbnail.ts';
import { defaultWindow } from '../imaging/frames/voiWindow.ts';
import type { SeriesFrames } from './seriesFrames.ts';
import { PRIORITY } from './seriesPass.ts';
import type { ThumbnailRequest } from './workers/decode.ts';

/** A small picture of one frame, made in a decode worker. @throws KeysliceError as decoding does */
export async function makeThumbnail(
  pool: WorkerPool,
  frames: SeriesFrames,
  frame: number,
  size: number,
): Promise<ThumbnailMessage> {
  const source = await frames.store.request(frame);
  const request: ThumbnailRequest = { ...source, size, window: defaultWindow(source.record.windows) };
  const { width, height, pixels } = await pool.run<Thumbnail>('thumbnail', request, {
    priority: PRIORITY.thumbnail,
  });
  const copy = new Uint8Array(pixels.byteLength);
  copy.set(pixels);
  return { width, height, pixels: copy.buffer };
}
