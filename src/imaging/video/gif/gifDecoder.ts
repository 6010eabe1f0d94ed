import { readFile, stat } from 'node:fs/promises';
import { KeysliceError, throwIfCancelled } from '../../../contract/errors.ts';
import { fileSystemError } from '../../scan/openFile.ts';
import type { DecodedVideo, VideoDecoder, VideoJob } from '../videoDecoder.ts';
import { checkLimit, checkPictureSize } from '../videoLimits.ts';
import { gifPictures, gifSize } from './gifBlocks.ts';
import { GifCanvas } from './gifCanvas.ts';

const MAX_FILE_BYTES = 2 ** 29;

/** Decodes GIFs (GIF87a and GIF89a), wherever Keyslice runs. */
export class GifDecoder implements VideoDecoder {
  async decode(job: VideoJob): Promise<DecodedVideo | null> {
    return job.container === 'gif' ? await decodeGif(job) : null;
  }
}

async function decodeGif({ path, sink, signal }: VideoJob): Promise<DecodedVideo> {
  const bytes = await readWhole(path);
  const size = gifSize(bytes);
  checkPictureSize(size.rows, size.columns);
  const canvas = new GifCanvas(size);
  const timesMs: number[] = [];
  let [time, damage]: [number, string | null] = [0, null];
  const pictures = gifPictures(bytes);
  for (;;) {
    throwIfCancelled(signal);
    const drawn = drawNext(canvas, pictures);
    if (drawn === null) break;
    if (drawn instanceof KeysliceError) {
      if (timesMs.length === 0) throw drawn;
      damage = drawn.message;
      break;
    }
    await sink.frame(canvas.rgb, size);
    timesMs.push(time);
    time += drawn.delayMs;
  }
  return { frames: timesMs.length, codec: 'GIF', lossless: true, timesMs, damage };
}

/** Null at the end of the file; the fault where one is found. */
function drawNext(
  canvas: GifCanvas,
  pictures: ReturnType<typeof gifPictures>,
): { delayMs: number } | KeysliceError | null {
  try {
    const next = pictures.next();
    if (next.done === true) return null;
    canvas.draw(next.value);
    return next.value;
  } catch (thrown) {
    if (thrown instanceof KeysliceError) return thrown;
    throw thrown;
  }
}

async function readWhole(path: string): Promise<Uint8Array> {
  try {
    checkLimit('The size of the GIF in bytes', (await stat(path)).size, MAX_FILE_BYTES);
    return await readFile(path);
  } catch (thrown) {
    throw thrown instanceof KeysliceError ? thrown : fileSystemError(thrown, path);
  }
}
