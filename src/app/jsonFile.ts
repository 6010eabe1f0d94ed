import { copyFile, readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { KeysliceError } from '../contract/errors.ts';
import { writeFileAtomic } from './writeFileAtomic.ts';

/**
 * A small JSON file of the program (settings, reviews), checked by a schema when read and replaced in one step when
 * written. The last good copy stays beside it as `NAME.bak`; a damaged file falls back to it, then to `empty`.
 */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  readonly #empty: T;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, schema: z.ZodType<T>, empty: T) {
    this.#path = file;
    this.#schema = schema;
    this.#empty = empty;
  }

  /** @param onDamaged Told of a copy that could not be used, so that nothing is lost in silence. */
  async read(onDamaged: (path: string) => void): Promise<T> {
    for (const file of [this.#path, `${this.#path}.bak`]) {
      const text = await readIfThere(file);
      if (text === null) continue;
      const value = this.#parse(text);
      if (value !== null) return value;
      onDamaged(file);
    }
    return this.#empty;
  }

  /** Writes happen one after the other. @throws KeysliceError TARGET_NOT_WRITABLE */
  write(value: T): Promise<void> {
    const next = this.#writing.then(() => this.#replace(value));
    // The caller of this write hears of its failure; the next write must still run.
    this.#writing = next.catch(() => undefined);
    return next;
  }

  #parse(text: string): T | null {
    try {
      const parsed = this.#schema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : null;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  async #replace(value: T): Promise<void> {
    if ((await readIfThere(this.#path)) !== null) await copyFile(this.#path, `${this.#path}.bak`);
    await writeFileAtomic(this.#path, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return null;
    throw new KeysliceError('FILE_UNREADABLE', { reason: String(error) }, { path: file, cause: error });
  }
}
