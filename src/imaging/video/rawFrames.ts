import { open, rm, stat, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { KeysliceError } from '../../contract/errors.ts';
import type { SourceFile } from '../../contract/series.ts';
import { fileSystemError } from '../scan/openFile.ts';
import type { FrameSink, VideoSize } from './videoDecoder.ts';
import { checkLimit, checkPictureCount, checkPictureSize, MAX_UNPACKED_BYTES } from './videoLimits.ts';

export interface RawFrames extends VideoSize {
  file: SourceFile;
  frames: number;
  /** 1: every pixel of every picture is grey, one byte each; 3: RGB by pixel. */
  samples: 1 | 3;
}

/** The drive keeps this much for everything else. */
const RESERVED_BYTES = 2 ** 30;

/**
 * Writes pictures one after another into one file: a byte per pixel as long as all are grey, three from the first
 * coloured one on. Most ultrasound clips are grey, and take a third of the room.
 */
export class RawFrameWriter implements FrameSink {
  readonly #folder: string;
  readonly #room: number;
  #size: VideoSize | null = null;
  #samples: 1 | 3 = 1;
  #handle: FileHandle;
  #path: string;
  #frames = 0;

  private constructor(folder: string, room: number, path: string, handle: FileHandle) {
    this.#folder = folder;
    this.#room = room;
    this.#path = path;
    this.#handle = handle;
  }

  /** @throws KeysliceError FILE_UNREADABLE when the folder cannot be written */
  static async create(folder: string): Promise<RawFrameWriter> {
    const path = join(folder, 'frames.grey');
    return await writing(path, async () => {
      const { bavail, bsize } = await statfs(folder);
      const room = Math.min(MAX_UNPACKED_BYTES, Math.max(0, bavail * bsize - RESERVED_BYTES));
      return new RawFrameWriter(folder, room, path, await open(path, 'w+'));
    });
  }

  get frames(): number {
    return this.#frames;
  }

  async frame(rgb: Uint8Array, size: VideoSize): Promise<void> {
    this.#checkSize(rgb, size);
    checkPictureCount(this.#frames + 1);
    const grey = this.#samples === 1 ? greyOf(rgb) : null;
    if (grey === null && this.#samples === 1) await this.#widen();
    const bytes = grey ?? rgb;
    checkLimit('The unpacked size of the video in bytes', (this.#frames + 1) * bytes.length, this.#room);
    await writing(this.#path, () => writeFully(this.#handle, bytes));
    this.#frames += 1;
  }

  /** Ends writing. @throws KeysliceError NOT_AN_IMAGE when there was no picture */
  async finish(): Promise<RawFrames> {
    await this.#handle.close();
    if (this.#size === null) throw new KeysliceError('NOT_AN_IMAGE', { reason: 'the video has no pictures' });
    const { size, mtimeMs } = await writing(this.#path, () => stat(this.#path));
    const file = { path: this.#path, bytes: size, modifiedMs: mtimeMs };
    return { ...this.#size, file, frames: this.#frames, samples: this.#samples };
  }

  /** Takes away what was written. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }

  #checkSize(rgb: Uint8Array, size: VideoSize): void {
    if (this.#size === null) checkPictureSize(size.rows, size.columns);
    this.#size ??= { rows: size.rows, columns: size.columns };
    const { rows, columns } = this.#size;
    const same = rows === size.rows && columns === size.columns;
    if (same && rgb.length === rows * columns * 3) return;
    const reason = `its pictures change from ${columns} × ${rows} to ${size.columns} × ${size.rows}`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason });
  }

  /** Writes the grey pictures again, in colour. */
  async #widen(): Promise<void> {
    const path = join(this.#folder, 'frames.rgb');
    await writing(path, async () => {
      const wide = await open(path, 'w+');
      const picture = new Uint8Array((this.#size?.rows ?? 0) * (this.#size?.columns ?? 0));
      for (let frame = 0; frame < this.#frames; frame++) {
        await readFully(this.#handle, picture, frame * picture.length);
        await writeFully(wide, tripled(picture));
      }
      await this.discard();
      this.#handle = wide;
    });
    this.#path = path;
    this.#samples = 3;
  }
}

function greyOf(rgb: Uint8Array): Uint8Array | null {
  const grey = new Uint8Array(rgb.length / 3);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 3) {
    const red = rgb[at]!;
    if (red !== rgb[at + 1] || red !== rgb[at + 2]) return null;
    grey[pixel] = red;
  }
  return grey;
}

function tripled(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  grey.forEach((value, pixel) => rgb.fill(value, 3 * pixel, 3 * pixel + 3));
  return rgb;
}

async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

async function readFully(handle: FileHandle, into: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < into.length;) {
    const { bytesRead } = await handle.read(into, done, into.length - done, position + done);
    if (bytesRead === 0) throw new Error('the unpacked pictures are gone');
    done += bytesRead;
  }
}

/** A full drive and the like, with the path. */
async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw thrown instanceof KeysliceError ? thrown : fileSystemError(thrown, path);
  }
}
