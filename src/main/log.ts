import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { NameMask } from './nameMask.ts';

/** The log starts anew when the last one has grown to this; the last one stays beside it. */
const ROTATE_BYTES = 1024 * 1024;
/** A page that misbehaves must not fill the disk. */
const LIMIT_BYTES = 8 * 1024 * 1024;

/** Lines with time, for people and for reports of faults; names and paths of studies are masked. */
export class Log {
  readonly mask = new NameMask();
  readonly #file: string;
  readonly #echo: boolean;
  #bytes: number;

  /**
   * @param folder where `keyslice.log` lies
   * @param echo also write to stderr
   */
  constructor(folder: string, echo: boolean) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = path.join(folder, 'keyslice.log');
    this.#echo = echo;
    const before = statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (before > ROTATE_BYTES) renameSync(this.#file, `${this.#file}.1`);
    this.#bytes = before > ROTATE_BYTES ? 0 : before;
  }

  write(text: string): void {
    const line = `${this.mask.mask(text)}\n`;
    const dated = `${new Date().toISOString()} ${line}`;
    this.#bytes += Buffer.byteLength(dated);
    if (this.#bytes > LIMIT_BYTES) return;
    if (this.#echo) process.stderr.write(line);
    try {
      appendFileSync(this.#file, dated, { mode: 0o600 });
    } catch (error) {
      // A full disk must not stop a study, nor the program from quitting: the log ends, and the terminal says so.
      this.#bytes = LIMIT_BYTES;
      process.stderr.write(`the log cannot be written: ${String(error)}\n`);
    }
  }
}
