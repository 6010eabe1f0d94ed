import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { KeysliceError } from '../../src/contract/errors.ts';
import type { Series } from '../../src/contract/series.ts';
import { FrameStore } from '../../src/imaging/frames/frameStore.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { WorkerPool } from '../../src/imaging/frames/workerPool.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { ctSlice } from '../fixtures/ctSlice.ts';
import { dicomFile } from '../fixtures/dicomFile.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const ROWS = 16;
const COLUMNS = 12;
const FRAME_BYTES = ROWS * COLUMNS * 2;
const WORKER = new URL('../../out/main/decode.js', import.meta.url);
const folder = temporaryFolder();
const pools: WorkerPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((each) => each.close()));
});

function pool(): WorkerPool {
  const created = new WorkerPool({ url: WORKER, size: 2, workerData: { kernel: null } });
  pools.push(created);
  return created;
}

const pixelsOf = (index: number): Int16Array =>
  Int16Array.from({ length: ROWS * COLUMNS }, (_, i) => index * 100 + i);

/** A series of CT files, in order; `change` is done to the first after it was scanned. */
async function series(
  name: string,
  count: number,
  change: ((bytes: Uint8Array) => Uint8Array) | null = null,
): Promise<Series> {
  const paths = Array.from({ length: count }, (_, index) => join(folder, `${name}-${index}.dcm`));
  for (const [index, path] of paths.entries()) {
    const elements = ctSlice({ rows: ROWS, columns: COLUMNS, index, pixels: pixelsOf(index) });
    await writeFile(path, dicomFile(elements));
  }
  const studies = await Promise.all(paths.map((path) => readStudy(path)));
  const each = studies.flatMap((study) => study.series);
  const [first] = each;
  const [path] = paths;
  if (first === undefined || path === undefined) throw new Error('the fixture was not read');
  if (change !== null) await writeFile(path, change(await readFile(path)));
  return {
    ...first,
    frames: each.flatMap((one) => one.frames),
    files: each.flatMap((one) => one.files),
  };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  return thrown instanceof KeysliceError ? thrown.code : `not refused: ${String(thrown)}`;
}

describe('FrameStore', () => {
  it('decodes a frame once for all who ask, and keeps it', async () => {
    const decoded: number[] = [];
    const store = new FrameStore(await series('once', 3), pool(), new MemoryBudget(1e6), null, (index) =>
      decoded.push(index),
    );
    const [first, second] = await Promise.all([store.frame(1, 0), store.frame(1, 5)]);
    expect(first.values).toEqual(pixelsOf(1));
    expect(second).toBe(first);
    expect(await store.frame(1, 0)).toBe(first);
    expect(decoded).toEqual([1]);
    expect(store.cached(1)).toBe(first);
  });

  it('lets the least recently used go and decodes them again', async () => {
    const decoded: number[] = [];
    const budget = new MemoryBudget(2 * FRAME_BYTES);
    const store = new FrameStore(await series('budget', 3), pool(), budget, null, (index) =>
      decoded.push(index),
    );
    for (const index of [0, 1, 0, 2, 1]) await store.frame(index, 0);
    expect(decoded).toEqual([0, 1, 2, 1]);
    expect(budget.used).toBe(2 * FRAME_BYTES);
    await store.close();
    expect(budget.used).toBe(0);
  });

  it('keeps the reason of a failed frame and touches no other', async () => {
    const damaged = await series('failed', 3, (bytes) => bytes.subarray(0, bytes.length - 10));
    const store = new FrameStore(damaged, pool(), new MemoryBudget(1e6), null);
    expect(await codeOf(store.frame(0, 0))).toBe('SOURCE_CHANGED');
    expect(store.failed(0)?.facts['frame']).toBe(0);
    expect(await codeOf(store.frame(0, 0))).toBe('SOURCE_CHANGED');
    expect((await store.frame(1, 0)).values).toEqual(pixelsOf(1));
    expect(store.failed(1)).toBeNull();
    expect(await codeOf(store.frame(3, 0))).toBe('FRAME_OUT_OF_RANGE');
  });

  it('cancels what waits when the series is left, and gives it later', async () => {
    const store = new FrameStore(await series('left', 8), pool(), new MemoryBudget(1e6), null);
    const asked = Array.from({ length: 8 }, (_, index) => codeOf(store.frame(index, 0)));
    store.cancelQueued();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['CANCELLED']));
    expect(store.failed(3)).toBeNull();
    expect((await store.frame(3, 0)).values).toEqual(pixelsOf(3));
  });

  it('unwraps a compressed file once and pins its bytes', async () => {
    const plain = await series('wrapped', 1);
    const [record] = plain.frames;
    if (record === undefined) throw new Error('the fixture has no frame');
    const path = join(folder, 'wrapped.gz');
    await writeFile(path, gzipSync(await readFile(record.source.path)));
    const { size, mtimeMs } = await stat(path);
    const wrapped: Series = {
      ...plain,
      frames: [{ ...record, source: { ...record.source, path, encoding: 'gzip' } }],
      files: [{ path, bytes: size, modifiedMs: mtimeMs }],
    };
    const budget = new MemoryBudget(1e6);
    const store = new FrameStore(wrapped, pool(), budget, null);
    expect((await store.frame(0, 0)).values).toEqual(pixelsOf(0));
    expect(budget.used).toBeGreaterThan(FRAME_BYTES);
    await store.close();
    expect(budget.used).toBe(0);
  });
});
