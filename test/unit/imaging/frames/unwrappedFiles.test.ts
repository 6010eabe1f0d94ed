import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import type { Series } from '../../../../src/contract/series.ts';
import { loadFrame } from '../../../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../../../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../../../../src/imaging/frames/unwrappedFiles.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { NIFTI_TYPES, niftiFile } from '../../../fixtures/niftiFile.ts';
import { zipFile } from '../../../fixtures/zipFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { testScratch } from '../../../support/testScratch.ts';

const root = temporaryFolder();
const [datatype, bitsPerVoxel] = NIFTI_TYPES.int16;
const FRAME_VALUES = 64 * 64;
const FRAMES = 200;
/** Does not compress well, so that a part of the file holds a part of the frames. */
const voxels = Int16Array.from({ length: FRAMES * FRAME_VALUES }, (_, at) => (at * at * 2654435761) >>> 17);
const volume = (): Buffer =>
  gzipSync(niftiFile({ dims: [64, 64, FRAMES], datatype, bitsPerVoxel, data: voxels }));
/** Less than the volume. */
const budget = (): MemoryBudget => new MemoryBudget(100_000);
const valuesOf = (frame: number): Int16Array =>
  voxels.subarray(frame * FRAME_VALUES, (frame + 1) * FRAME_VALUES);

async function seriesIn(name: string, bytes: Uint8Array): Promise<{ folder: string; series: Series }> {
  const folder = mkdtempSync(join(root, 'case-'));
  writeFileSync(join(folder, name), bytes);
  const { series } = await readStudy(join(folder, name), { scratch: testScratch(folder) });
  const [first] = series;
  if (first === undefined) throw new Error('the fixture has no series');
  return { folder, series: first };
}

async function frameOf(files: UnwrappedFiles, series: Series, index: number): Promise<unknown> {
  const record = series.frames[index];
  if (record === undefined) throw new Error('the fixture has fewer frames');
  try {
    return (await loadFrame(await files.request(record))).values;
  } catch (thrown) {
    return thrown instanceof KeysliceError ? thrown.code : thrown;
  }
}

describe('a compressed file larger than the memory budget', () => {
  it('is unwrapped into scratch space, pins no memory, and is taken away', async () => {
    const { folder, series } = await seriesIn('v.nii.gz', volume());
    const memory = budget();
    const files = new UnwrappedFiles(series, memory, testScratch(folder));
    for (const index of [0, 199, 17]) expect(await frameOf(files, series, index)).toEqual(valuesOf(index));
    expect(memory.used).toBe(0);
    const scratch = readdirSync(folder).filter((name) => name.startsWith('scratch'));
    expect(scratch).toHaveLength(1);
    await files.close();
    expect(readdirSync(join(folder, scratch[0] ?? ''))).toEqual([]);
  });

  it('is refused where there is no scratch space', async () => {
    const { series } = await seriesIn('v.nii.gz', volume());
    expect(await frameOf(new UnwrappedFiles(series, budget(), null), series, 0)).toBe('LIMIT_EXCEEDED');
  });

  it('gives the frames before its damage, and a code for those behind', async () => {
    const whole = volume();
    const { folder, series } = await seriesIn('v.nii.gz', whole);
    const [file] = series.files;
    if (file === undefined) throw new Error('the fixture has no file');
    // As long as it was, so that only its content tells.
    const damaged = Buffer.from(whole).fill(0xff, whole.length >> 1, (whole.length >> 1) + 400);
    const path = join(folder, 'damaged.nii.gz');
    writeFileSync(path, damaged);
    const other = await readStudy(path);
    const [found] = other.series;
    if (found === undefined) throw new Error('the fixture has no series');
    const files = new UnwrappedFiles(found, budget(), testScratch(folder));
    expect(await frameOf(files, found, 0)).toEqual(valuesOf(0));
    expect(await frameOf(files, found, 199)).toBe('FILE_UNREADABLE');
    await files.close();
  });

  it('stops when it is closed in the middle', async () => {
    const { folder, series } = await seriesIn('v.nii.gz', volume());
    const files = new UnwrappedFiles(series, budget(), testScratch(folder));
    const waiting = frameOf(files, series, 199);
    await files.close();
    expect(await waiting).toBe('CANCELLED');
  });
});

describe('a frame from an archive', () => {
  it('names its place in the archive when it cannot be had', async () => {
    const { folder, series } = await seriesIn('a.zip', zipFile([{ name: 'in/v.nii.gz', data: volume() }]));
    const [record] = series.frames;
    if (record === undefined) throw new Error('the fixture has no frame');
    const files = new UnwrappedFiles(series, budget(), null);
    await expect(files.request(record)).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
      path: `${folder}/a.zip/in/v.nii.gz`,
    });
  });
});
