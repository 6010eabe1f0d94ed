/**
 * A compressed file (`.nii.gz`, deflated DICOM) unwrapped once into memory that all workers share. The work is done
 * by zlib's threads; the event loop copies one chunk at a time. What has been unwrapped can be used at once.
 */
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameSource, SourceFile } from '../../contract/series.ts';
import { fileSystemError } from '../scan/openFile.ts';
import { deflatedOffset } from './deflatedOffset.ts';

const CHUNK_BYTES = 256 * 1024;
/** DEFLATE (RFC 1951) gives at most 1032 bytes for one. */
const MAX_EXPANSION = 1032;

interface Waiter {
  readonly end: number;
  readonly resolve: () => void;
  readonly reject: (error: KeysliceError) => void;
}

export class InflatedFile {
  /** Valid up to the ends for which `ready` has resolved. */
  readonly bytes: SharedArrayBuffer;
  readonly #file: SourceFile;
  readonly #encoding: Exclude<FrameSource['encoding'], 'plain'>;
  readonly #abort = new AbortController();
  #waiters: Waiter[] = [];
  #filled = 0;
  #started = false;
  #error: KeysliceError | null = null;

  /**
   * @param length unwrapped bytes that the header promises; more is not unwrapped
   * @throws KeysliceError FILE_TRUNCATED when the file is too small to hold them
   */
  constructor(file: SourceFile, encoding: Exclude<FrameSource['encoding'], 'plain'>, length: number) {
    const most = file.bytes * MAX_EXPANSION;
    if (length > most)
      throw new KeysliceError('FILE_TRUNCATED', { expected: length, actual: most }, { path: file.path });
    this.bytes = new SharedArrayBuffer(length);
    this.#file = file;
    this.#encoding = encoding;
  }

  /**
   * Resolves when the bytes before `end` are there.
   * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, SOURCE_CHANGED, CANCELLED (after `close`)
   */
  async ready(end: number): Promise<void> {
    if (end <= this.#filled) return;
    if (this.#error !== null) throw this.#error;
    if (!this.#started) {
      this.#started = true;
      void this.#unwrap();
    }
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ end, resolve, reject });
    });
  }

  /** Stops unwrapping. */
  close(): void {
    this.#error ??= new KeysliceError('CANCELLED');
    this.#abort.abort();
    this.#settle();
  }

  async #unwrap(): Promise<void> {
    const { path } = this.#file;
    const expected = this.bytes.byteLength;
    try {
      await this.#pipe();
      this.#error ??= new KeysliceError('FILE_TRUNCATED', { expected, actual: this.#filled }, { path });
    } catch (thrown) {
      this.#error ??= unwrapError(thrown, path, expected, this.#filled);
    }
    this.#settle();
  }

  async #pipe(): Promise<void> {
    const handle = await open(this.#file.path, 'r');
    try {
      const { size, mtimeMs } = await handle.stat();
      if (size !== this.#file.bytes || mtimeMs !== this.#file.modifiedMs) {
        throw new KeysliceError('SOURCE_CHANGED', {}, { path: this.#file.path });
      }
      const gzip = this.#encoding === 'gzip';
      const start = gzip ? 0 : await deflatedOffset(handle);
      const inflate = gzip
        ? createGunzip({ chunkSize: CHUNK_BYTES })
        : createInflateRaw({ chunkSize: CHUNK_BYTES });
      const stored = handle.createReadStream({ start, highWaterMark: CHUNK_BYTES, autoClose: false });
      const keep = (chunks: AsyncIterable<Buffer>): Promise<void> => this.#keep(chunks);
      await pipeline(stored, inflate, keep, { signal: this.#abort.signal });
    } finally {
      await handle.close();
    }
  }

  async #keep(chunks: AsyncIterable<Buffer>): Promise<void> {
    const target = new Uint8Array(this.bytes);
    for await (const chunk of chunks) {
      const wanted = chunk.subarray(0, target.length - this.#filled);
      target.set(wanted, this.#filled);
      this.#filled += wanted.length;
      this.#settle();
      if (this.#filled === target.length) return;
    }
  }

  #settle(): void {
    const waiting = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiting) {
      if (waiter.end <= this.#filled) waiter.resolve();
      else if (this.#error !== null) waiter.reject(this.#error);
      else this.#waiters.push(waiter);
    }
  }
}

function unwrapError(thrown: unknown, path: string, expected: number, actual: number): KeysliceError {
  if (thrown instanceof KeysliceError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'Z_BUF_ERROR')
    return new KeysliceError('FILE_TRUNCATED', { expected, actual }, { path, cause: thrown });
  if (!code.startsWith('Z_')) return fileSystemError(thrown, path);
  const reason = `its compressed data are damaged after ${actual} bytes`;
  return new KeysliceError('FILE_UNREADABLE', { reason }, { path, cause: thrown });
}
