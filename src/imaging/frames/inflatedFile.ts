import type { SourceFile } from '../../contract/series.ts';
import { Inflation, type Wrapping } from './inflation.ts';

/** A compressed file unwrapped into memory that all workers share. */
export class InflatedFile {
  /** Valid up to the ends for which `ready` has resolved. */
  readonly bytes: SharedArrayBuffer;
  readonly #inflation: Inflation;

  /**
   * @param length unwrapped bytes that the header promises; more is not unwrapped
   * @throws KeysliceError FILE_TRUNCATED when the file is too small to hold them
   */
  constructor(file: SourceFile, wrapping: Wrapping, length: number) {
    this.#inflation = new Inflation(file, wrapping, length, (chunk, at) => {
      new Uint8Array(this.bytes).set(chunk, at);
    });
    this.bytes = new SharedArrayBuffer(length);
  }

  /**
   * Resolves when the bytes before `end` are there.
   * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, SOURCE_CHANGED, CANCELLED (after `close`)
   */
  async ready(end: number): Promise<void> {
    await this.#inflation.ready(end);
  }

  /** Stops unwrapping. */
  close(): void {
    void this.#inflation.close();
  }
}
