import { statfs } from 'node:fs/promises';
import { KeysliceError } from '../../contract/errors.ts';
import { fileSystemError } from './openFile.ts';
import type { Scratch } from './scratch.ts';

/** All that one study may unpack, however much room there is. */
const MOST_BYTES = 64 * 2 ** 30;
/** The rest of the drive stays free for everybody else. */
const SHARE_OF_FREE = 0.9;

/** How much may be unpacked for one study: counted before it is written, so that no archive fills the drive. */
export class UnpackSpace {
  readonly #scratch: Scratch;
  readonly #most: number;
  #limit: Promise<number> | null = null;
  #taken = 0;

  /** @param most bytes, also where more is free */
  constructor(scratch: Scratch, most = MOST_BYTES) {
    this.#scratch = scratch;
    this.#most = most;
  }

  /** A new, empty folder to unpack into. @throws KeysliceError FILE_UNREADABLE */
  async folder(): Promise<string> {
    const folder = await this.#scratch.folder();
    this.#limit ??= this.#measure(folder);
    await this.#limit;
    return folder;
  }

  /** Sets bytes aside in a folder of this space. @throws KeysliceError LIMIT_EXCEEDED */
  async take(bytes: number): Promise<void> {
    const limit = this.#limit === null ? 0 : await this.#limit;
    const actual = this.#taken + bytes;
    if (actual > limit) {
      throw new KeysliceError('LIMIT_EXCEEDED', { what: 'The unpacked size in bytes', actual, limit });
    }
    this.#taken = actual;
  }

  /** Gives back what was set aside and not used. */
  release(bytes: number): void {
    this.#taken -= bytes;
  }

  async #measure(folder: string): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(folder);
      return Math.min(this.#most, Math.floor(SHARE_OF_FREE * bavail * bsize));
    } catch (thrown) {
      throw fileSystemError(thrown, folder);
    }
  }
}
