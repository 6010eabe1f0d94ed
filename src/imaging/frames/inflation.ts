/**
 * The work of unwrapping a compressed file (`.nii.gz`, deflated DICOM) once from start to end. It is done by zlib's
 * threads; the event loop hands on one chunk at a time. What has been handed on can be used at once.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameSource, SourceFile } from '../../contract/series.ts';
import { CHUNK_BYTES, chunksOf, fileSource } from '../scan/byteSource.ts';
import { gunzipMembers } from '../scan/gunzipMembers.ts';
import { fileSystemError, openRegular } from '../scan/openFile.ts';
import { deflatedOffset } from './deflatedOffset.ts';

/** DEFLATE (RFC 1951) gives at most 1032 bytes for one. */
const MAX_EXPANSION = 1032;
const NO_HEAD = new Uint8Array(0);

export type Wrapping = Exclude<FrameSource['encoding'], 'plain'>;

/** Where unwrapped bytes go. Called for one chunk after the other, each time when the last is done. */
export type KeepChunk = (chunk: Uint8Array, at: number) => void | Promise<void>;

interface Waiter {
  readonly end: number;
  readonly resolve: () => void;
  readonly reject: (error: KeysliceError) => void;
}

export class Inflation {
  /** Unwrapped bytes that are wanted. */
  readonly length: number;
  readonly #file: SourceFile;
  readonly #wrapping: Wrapping;
  readonly #keep: KeepChunk;
  readonly #abort = new AbortController();
  #waiters: Waiter[] = [];
  #filled = 0;
  #work: Promise<void> | null = null;
  #error: KeysliceError | null = null;

  /**
   * @param length unwrapped bytes that the header promises; more is not unwrapped
   * @throws KeysliceError FILE_TRUNCATED when the file is too small to hold them
   */
  constructor(file: SourceFile, wrapping: Wrapping, length: number, keep: KeepChunk) {
    const most = file.bytes * MAX_EXPANSION;
    if (length > most)
      throw new KeysliceError('FILE_TRUNCATED', { expected: length, actual: most }, { path: file.path });
    this.length = length;
    this.#file = file;
    this.#wrapping = wrapping;
    this.#keep = keep;
  }

  /**
   * Resolves when the bytes before `end` have been kept.
   * @throws KeysliceError FILE_TRUNCATED, FILE_UNREADABLE, SOURCE_CHANGED, CANCELLED (after `close`)
   */
  async ready(end: number): Promise<void> {
    if (end <= this.#filled) return;
    if (this.#error !== null) throw this.#error;
    this.#work ??= this.#unwrap();
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ end, resolve, reject });
    });
  }

  /** Stops unwrapping. Resolves when nothing is kept any more. */
  async close(): Promise<void> {
    this.#error ??= new KeysliceError('CANCELLED');
    this.#abort.abort();
    this.#settle();
    await this.#work;
  }

  async #unwrap(): Promise<void> {
    const { path } = this.#file;
    try {
      await this.#pipe();
      const facts = { expected: this.length, actual: this.#filled };
      this.#error ??= new KeysliceError('FILE_TRUNCATED', facts, { path });
    } catch (thrown) {
      this.#error ??= unwrapError(thrown, path, this.length, this.#filled);
    }
    this.#settle();
  }

  async #pipe(): Promise<void> {
    const { handle, size, mtimeMs } = await openRegular(this.#file.path);
    try {
      if (size !== this.#file.bytes || mtimeMs !== this.#file.modifiedMs) {
        throw new KeysliceError('SOURCE_CHANGED', {}, { path: this.#file.path });
      }
      const source = fileSource(handle, size, NO_HEAD);
      const keep = (chunks: AsyncIterable<Uint8Array>): Promise<void> => this.#keepAll(chunks);
      const { signal } = this.#abort;
      if (this.#wrapping === 'gzip') {
        await pipeline(gunzipMembers(source), keep, { signal });
        return;
      }
      const start = await deflatedOffset(handle);
      const stored = Readable.from(chunksOf(source, start, size - start), { objectMode: false });
      await pipeline(stored, createInflateRaw({ chunkSize: CHUNK_BYTES }), keep, { signal });
    } finally {
      await handle.close();
    }
  }

  async #keepAll(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const chunk of chunks) {
      const wanted = chunk.subarray(0, this.length - this.#filled);
      await this.#keep(wanted, this.#filled);
      this.#filled += wanted.length;
      this.#settle();
      if (this.#filled === this.length) return;
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
  if (thrown instanceof KeysliceError && thrown.code !== 'FILE_TRUNCATED')
    return new KeysliceError(thrown.code, thrown.facts, { path, cause: thrown });
  if (thrown instanceof KeysliceError)
    return new KeysliceError('FILE_TRUNCATED', { expected, actual }, { path, cause: thrown });
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'Z_BUF_ERROR')
    return new KeysliceError('FILE_TRUNCATED', { expected, actual }, { path, cause: thrown });
  if (!code.startsWith('Z_')) return fileSystemError(thrown, path);
  const reason = `its compressed data are damaged after ${actual} bytes`;
  return new KeysliceError('FILE_UNREADABLE', { reason }, { path, cause: thrown });
}
