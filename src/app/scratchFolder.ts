import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSystemError } from '../imaging/scan/openFile.ts';
import type { Scratch } from '../imaging/scan/scratch.ts';

/**
 * A private folder for what one study must have unpacked before it can be read. Made when it is first needed, below
 * the system's folder for temporary files (the window has one of its own, emptied at each start).
 */
export class ScratchFolder implements Scratch {
  #made: Promise<string> | null = null;

  async folder(): Promise<string> {
    try {
      this.#made ??= mkdtemp(join(tmpdir(), 'keyslice-'));
      return await mkdtemp(join(await this.#made, 'part-'));
    } catch (thrown) {
      throw fileSystemError(thrown, tmpdir());
    }
  }

  /** Takes everything away; the folder can be used again. */
  async remove(): Promise<void> {
    const made = this.#made;
    this.#made = null;
    if (made !== null) await rm(await made, { recursive: true, force: true });
  }
}
