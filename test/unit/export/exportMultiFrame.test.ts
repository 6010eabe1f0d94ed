import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TAG } from '../../../src/export/dicom/tags.ts';
import { usLoop } from '../../fixtures/ctSlice.ts';
import { dicomFile } from '../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { exportOf, largestSeries } from './exportOf.ts';
import { dataSetOf, storedBytesOf } from './storedIn.ts';

const root = temporaryFolder();

async function fileStudy(bytes: Uint8Array, name: string): Promise<string> {
  const path = join(root, name);

  await writeFile(path, bytes);
  return path;
}

describe('a multi-frame object', () => {
  it('is cut with its time axis, vectors and pointers', async () => {
    const source = await fileStudy(
      dicomFile(
        usLoop(8, 40, 5, 3, {
          '00180072': ['DS', 0.32],
          '00181066': ['DS', 100],
          '00182002': ['SH', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']],
          '00286010': ['US', 4],
          '00286040': ['US', [2, 4, 7]],
        }),
      ),
      'loop.dcm',
    );
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [1, 3, 6], `${source}-out`);
    const reduced = await largestSeries(result.out);
    const all = await storedBytesOf(series);
    expect(await storedBytesOf(reduced)).toEqual([all[1], all[3], all[6]]);
    expect(result.selectedSource).toEqual([1, 3, 6]);
    const dataSet = await dataSetOf(reduced);
    expect(dataSet.texts(TAG.frameTimeVector)).toEqual(['0', '80', '120']);
    expect(dataSet.text(TAG.frameDelay)).toBe('140');
    expect(dataSet.texts(TAG.frameLabelVector)).toEqual(['b', 'd', 'g']);
    expect(dataSet.shorts(TAG.representativeFrameNumber)).toEqual([2]);
    expect(dataSet.shorts(TAG.rWavePointer)).toEqual([1, 2, 3]);
    expect(dataSet.element(TAG.effectiveDuration)).toBeNull();
  });

  it('of single bits is shifted together', async () => {
    const [rows, columns, frames] = [3, 5, 6];
    const bits = Array.from({ length: rows * columns * frames }, (_, at) => (at * at + 3 * at) % 7 < 3);
    const packed = new Uint8Array(Math.ceil(bits.length / 16) * 2);
    bits.forEach((bit, at) => {
      if (bit) packed[at >>> 3] = (packed[at >>> 3] ?? 0) | (1 << (at & 7));
    });
    const source = await fileStudy(
      dicomFile(usLoop(frames, 40, rows, columns, {
        '00280100': ['US', 1],
        '00280101': ['US', 1],
        '00280102': ['US', 0],
        '7FE00010': ['OB', packed],
      })),
      'bits.dcm',
    ); // prettier-ignore
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [1, 2, 5], `${source}-out`);
    const written = await readFile(result.files[0]?.path ?? '');
    const value = written.subarray(written.length - 6);
    const kept = [1, 2, 5].flatMap((frame) => bits.slice(frame * 15, frame * 15 + 15));
    expect(Array.from({ length: 45 }, (_, at) => (((value[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 1)).toEqual(
      kept,
    );
  });

  it('in fragments keeps them, with a table that finds each frame', async () => {
    const rle = (seed: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(64 + length);
      new DataView(bytes.buffer).setUint32(0, 1, true);
      new DataView(bytes.buffer).setUint32(4, 64, true);
      return bytes.map((byte, at) => (at < 64 ? byte : (seed * 31 + at) & 255));
    };
    const fragments = [rle(1, 10), rle(2, 20), rle(3, 30), rle(4, 40)];
    const source = await fileStudy(
      dicomFile(usLoop(4, 40, 6, 8, { '7FE00010': ['OB', { fragments, offsets: [] }] }), {
        transferSyntax: '1.2.840.10008.1.2.5',
      }),
      'rle.dcm',
    );
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [0, 2, 3], `${source}-out`);
    const reduced = await largestSeries(result.out);
    expect(await storedBytesOf(reduced)).toEqual(
      [fragments[0], fragments[2], fragments[3]].map((bytes) => Buffer.from(bytes ?? [])),
    );
    const written = await readFile(result.files[0]?.path ?? '');
    const first = reduced.frames[0]?.source.ranges[0]?.offset ?? 0;
    const table = [...new Uint32Array(new Uint8Array(written.subarray(first - 20, first - 8)).buffer)];
    expect(table).toEqual([0, 8 + 74, 8 + 74 + 8 + 94]);
  });

  it('keeps the overlay planes of its frames', async () => {
    const plane = (frame: number): number[] =>
      Array.from({ length: 16 }, (_, at) => (frame * 37 + at * 11) & 255);
    const data = Uint8Array.from([1, 2, 3].flatMap(plane));
    const source = await fileStudy(
      dicomFile(usLoop(6, 40, 8, 16, {
        '60000010': ['US', 8],
        '60000011': ['US', 16],
        '60000015': ['IS', 3],
        '60000040': ['CS', 'G'],
        '60000050': ['SS', [1, 1]],
        '60000051': ['US', 2],
        '60000100': ['US', 1],
        '60000102': ['US', 0],
        '60003000': ['OB', data],
        '60020015': ['IS', 1],
        '60020051': ['US', 1],
      })),
      'overlay.dcm',
    ); // prettier-ignore
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [1, 3, 4], `${source}-out`);
    const dataSet = await dataSetOf(await largestSeries(result.out));
    expect(dataSet.text(0x60000015)).toBe('2');
    expect(dataSet.shorts(0x60000051)).toEqual([1]);
    expect(dataSet.shorts(0x60003000)).toEqual([
      ...new Uint16Array(Uint8Array.from([1, 3].flatMap(plane)).buffer),
    ]);
    expect(dataSet.tags.filter((tag) => tag >>> 16 === 0x6002)).toEqual([]);
  });

  it('of nuclear medicine has dense index vectors and right counts', async () => {
    const source = await fileStudy(
      dicomFile(usLoop(6, 40, 6, 8, {
        '00280009': ['AT', [0x00540010, 0x00540020]],
        '00540010': ['US', [1, 1, 2, 2, 3, 3]],
        '00540011': ['US', 3],
        '00540012': ['SQ', [{ '00540018': ['SH', 'A'] }, { '00540018': ['SH', 'B'] }, { '00540018': ['SH', 'C'] }]],
        '00540020': ['US', [1, 2, 1, 2, 1, 2]],
        '00540021': ['US', 2],
      })),
      'nm.dcm',
    ); // prettier-ignore
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [0, 1, 4], `${source}-out`);
    const dataSet = await dataSetOf(await largestSeries(result.out));
    expect(dataSet.shorts(0x00540010)).toEqual([1, 1, 2]);
    expect(dataSet.shorts(0x00540011)).toEqual([2]);
    const names: (string | null)[] = [];
    dataSet.editItems(0x00540012, (item) => names.push(item.text(0x00540018)));
    expect(names).toEqual(['A', 'C']);
    expect(dataSet.shorts(0x00540020)).toEqual([1, 2, 1]);
  });
});
