import { mkdtempSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Series } from '../../../src/contract/series.ts';
import { readStudy } from '../../../src/imaging/readStudy.ts';
import { writeCtSeries } from '../../fixtures/ctSlice.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const root = temporaryFolder();

/** What was told, with the number of files that had been read by then. */
async function openWatched(path: string) {
  const told: { series: Series; done: number }[] = [];
  let done = 0;
  const study = await readStudy(path, {
    onProgress: (files) => {
      done = files;
    },
    onImage: (series) => told.push({ series, done }),
  });
  return { study, told };
}

function folderOf(count: number): string {
  const folder = mkdtempSync(join(root, 'study-'));
  writeCtSeries(folder, count);
  return folder;
}

const fileOf = (series: Series | undefined): string => basename(series?.frames[0]?.source.path ?? '');

describe('the image that is told of ahead', () => {
  test('is the middle file, alone, before any other is read; the study is the same', async () => {
    const folder = folderOf(9);
    const { study, told } = await openWatched(folder);
    expect(told.map(({ series, done }) => [fileOf(series), series.frames.length, done])).toEqual([
      ['slice-005.dcm', 1, 1],
    ]);
    expect(study).toEqual(await readStudy(folder));
  });

  test('is another one when the middle file is none', async () => {
    const folder = folderOf(8);
    writeFileSync(join(folder, 'slice-005.dcm'), 'no image');
    const { study, told } = await openWatched(folder);
    expect(told.map(({ series }) => fileOf(series))).toEqual(['slice-003.dcm']);
    expect(study.failures.map(({ path }) => basename(path))).toEqual(['slice-005.dcm']);
  });

  test('is not told of where one file is all there is', async () => {
    const [file] = writeCtSeries(join(root, 'one'), 1);
    expect((await openWatched(file ?? '')).told).toEqual([]);
  });
});
