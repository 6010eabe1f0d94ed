import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceFile } from '../../contract/series.ts';
import type { Scratch } from '../scan/scratch.ts';
import { UnpackSpace } from '../scan/unpackSpace.ts';
import { Inflation, type Wrapping } from './inflation.ts';

/** A compressed file, too large for memory, unwrapped into a file of the scratch space. */
export class UnpackedFile {
  readonly #inflation: Inflation;
  readonly #scratch: Scratch;
  #made: Promise<{ path: string; handle: FileHandle }> | null = null;

  /**
   * @param length unwrapped bytes that the header promises; more is not unwrapped
   * @throws KeysliceError FILE_TRUNCATED when the file is too small to hold them
   */
  constructor(file: SourceFile, wrapping: Wrapping, length: number, scratch: Scratch) {
    this.#scratch = scratch;
    this.#inflation = new Inflation(file, wrapping, length, async (chunk, at) => {
      const { handle } = await this.#file();
      for (let done = 0; done < chunk.length;) {
        const { bytesWritten } = await handle.write(chunk, done, chunk.length - done, at + done);
        done += bytesWritten;
      }
    });
  }

  /**
   * The path of the file as soon as the bytes before `end` are in it.
   * @throws KeysliceError LIMIT_EXCEEDED when the drive has no room for it, and as `InflatedFile` does
   */
  async ready(end: number): Promise<string> {
    const { path } = await this.#file();
    await this.#inflation.ready(end);
    return path;
  }

  /** Stops unwrapping and takes the file away. */
  async close(): Promise<void> {
    await this.#inflation.close();
    const made = await this.#made?.catch(() => null);
    if (made === null || made === undefined) return;
    await made.handle.close();
    await rm(made.path, { force: true });
  }

  #file(): Promise<{ path: string; handle: FileHandle }> {
    this.#made ??= this.#make();
    return this.#made;
  }

  async #make(): Promise<{ path: string; handle: FileHandle }> {
    const space = new UnpackSpace(this.#scratch);
    const path = join(await space.folder(), 'unwrapped');
    await space.take(this.#inflation.length);
    return { path, handle: await open(path, 'wx') };
  }
}
