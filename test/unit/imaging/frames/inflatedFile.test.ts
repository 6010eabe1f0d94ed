import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import type { SourceFile } from '../../../../src/contract/series.ts';
import { InflatedFile } from '../../../../src/imaging/frames/inflatedFile.ts';
import { readFrameBytes } from '../../../../src/imaging/frames/readFrameBytes.ts';
import { dicomFile } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { frameRecord } from './frameRecord.ts';

const folder = temporaryFolder();
/** Does not compress well, so that a part of the file holds a part of the bytes. */
const content = Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * i * 2654435761) >>> 13);

async function file(name: string, bytes: Uint8Array): Promise<SourceFile> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const { size, mtimeMs } = await stat(path);
  return { path, bytes: size, modifiedMs: mtimeMs };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.catch((error: unknown) => error);
  return thrown instanceof KeysliceError ? thrown.code : `not refused: ${String(thrown)}`;
}

describe('InflatedFile', () => {
  it('unwraps what was asked for, once', async () => {
    const inflated = new InflatedFile(await file('whole.gz', gzipSync(content)), 'gzip', content.length);
    await Promise.all([inflated.ready(10), inflated.ready(content.length)]);
    expect(Buffer.compare(new Uint8Array(inflated.bytes), content)).toBe(0);
  });

  it('gives the part before the damage and says where it ends', async () => {
    const wrapped = gzipSync(content);
    const cut = await file('cut.gz', wrapped.subarray(0, wrapped.length / 2));
    const inflated = new InflatedFile(cut, 'gzip', content.length);
    await inflated.ready(1000);
    expect(Buffer.compare(new Uint8Array(inflated.bytes, 0, 1000), content.subarray(0, 1000))).toBe(0);
    expect(await codeOf(inflated.ready(content.length))).toBe('FILE_TRUNCATED');
  });

  it('says that compressed data are damaged', async () => {
    const wrapped = gzipSync(content);
    wrapped.fill(0xff, wrapped.length >> 1, (wrapped.length >> 1) + 200);
    const inflated = new InflatedFile(await file('damaged.gz', wrapped), 'gzip', content.length);
    expect(await codeOf(inflated.ready(content.length))).toBe('FILE_UNREADABLE');
  });

  it('refuses a header that promises more than the file can hold', async () => {
    const small = await file('small.gz', gzipSync(content.subarray(0, 100)));
    expect(() => new InflatedFile(small, 'gzip', 2 ** 32)).toThrow(/ends too early/);
    const inflated = new InflatedFile(small, 'gzip', 101);
    expect(await codeOf(inflated.ready(101))).toBe('FILE_TRUNCATED');
  });

  it('unwraps the data set of a deflated DICOM file from its start', async () => {
    const pixels = Uint16Array.from({ length: 64 }, (_, i) => i * 17);
    const bytes = dicomFile({ '7FE00010': ['OW', pixels] }, { transferSyntax: '1.2.840.10008.1.2.1.99' });
    const inflated = new InflatedFile(await file('deflated.dcm', bytes), 'deflate', 12 + pixels.byteLength);
    await inflated.ready(12 + pixels.byteLength);
    expect(new Uint16Array(inflated.bytes.slice(12))).toEqual(pixels);
  });

  it('stops when it is closed', async () => {
    const inflated = new InflatedFile(await file('left.gz', gzipSync(content)), 'gzip', content.length);
    const waiting = codeOf(inflated.ready(content.length));
    inflated.close();
    expect(await waiting).toBe('CANCELLED');
  });

  it('notices that the file is another one than was scanned', async () => {
    const scanned = await file('changed.gz', gzipSync(content));
    await writeFile(scanned.path, gzipSync(content.subarray(0, 1_000_000)));
    const inflated = new InflatedFile(scanned, 'gzip', content.length);
    expect(await codeOf(inflated.ready(10))).toBe('SOURCE_CHANGED');
  });
});

describe('readFrameBytes', () => {
  const sourceOf = (path: string, ranges: { offset: number; length: number }[]) => ({
    ...frameRecord().source,
    path,
    ranges,
  });

  it('joins ranges in order', async () => {
    const plain = await file(
      'plain.bin',
      Uint8Array.from({ length: 50 }, (_, i) => i),
    );
    const source = sourceOf(plain.path, [
      { offset: 40, length: 3 },
      { offset: 2, length: 2 },
    ]);
    const bytes = await readFrameBytes({ source, file: plain, unwrapped: null });
    expect([...bytes]).toEqual([40, 41, 42, 2, 3]);
  });

  it('refuses ranges beyond the end before it allocates for them', async () => {
    const plain = await file('short.bin', new Uint8Array(50));
    const source = sourceOf(plain.path, [{ offset: 40, length: 2 ** 31 - 100 }]);
    expect(await codeOf(readFrameBytes({ source, file: plain, unwrapped: null }))).toBe('FILE_TRUNCATED');
    const huge = sourceOf(plain.path, [{ offset: 0, length: 2 ** 40 }]);
    expect(await codeOf(readFrameBytes({ source: huge, file: plain, unwrapped: null }))).toBe(
      'LIMIT_EXCEEDED',
    );
  });

  it('says that a file is gone, and that it has changed', async () => {
    const plain = await file('changing.bin', new Uint8Array(50));
    const source = sourceOf(plain.path, [{ offset: 0, length: 50 }]);
    await writeFile(plain.path, new Uint8Array(60));
    expect(await codeOf(readFrameBytes({ source, file: plain, unwrapped: null }))).toBe('SOURCE_CHANGED');
    const gone = { ...plain, path: join(folder, 'gone.bin') };
    expect(await codeOf(readFrameBytes({ source, file: gone, unwrapped: null }))).toBe('PATH_NOT_FOUND');
  });
});
