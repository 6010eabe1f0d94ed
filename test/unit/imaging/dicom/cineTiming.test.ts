import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../../src/contract/series.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { usLoop } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const path = join(temporaryFolder(), 'loop.dcm');

async function loop(elements: DicomElements): Promise<Series | undefined> {
  const { '00181063': frameTime, '00280009': pointer, ...rest } = usLoop(4, 40);
  expect([frameTime, pointer]).not.toContain(undefined);
  writeFileSync(path, dicomFile({ ...rest, ...elements }));
  return (await readStudy(path)).series[0];
}

const FRAME_TIME = 0x00181063;
const FRAME_TIME_VECTOR = 0x00181065;

describe('the timing of a loop', () => {
  it.each([
    [
      'the frame time that is pointed at',
      { '00280009': ['AT', FRAME_TIME], '00181063': ['DS', 40] },
      { frameTimeMs: 40, displayFps: 25 },
      [0, 40, 80, 120],
    ],
    [
      'the vector that is pointed at, whose first entry does not count',
      { '00280009': ['AT', FRAME_TIME_VECTOR], '00181065': ['DS', [33, 30, 50, 30]], '00181063': ['DS', 99] },
      { frameTimeMs: 30, displayFps: 1000 / 30 },
      [0, 30, 80, 110],
    ],
    [
      'a recommended rate beside the time axis',
      {
        '00280009': ['AT', FRAME_TIME],
        '00181063': ['DS', 40],
        '00082144': ['IS', 12],
        '00180040': ['IS', 9],
      },
      { frameTimeMs: 40, displayFps: 12 },
      [0, 40, 80, 120],
    ],
    [
      'the cine rate alone',
      { '00180040': ['IS', 15] },
      { frameTimeMs: null, displayFps: 15 },
      [null, null, null, null],
    ],
    [
      'the effective duration',
      { '00180072': ['DS', 2] },
      { frameTimeMs: 500, displayFps: 2 },
      [0, 500, 1000, 1500],
    ],
    [
      'frames minutes apart, which have no rate to be shown at',
      { '00181063': ['DS', 120_000] },
      { frameTimeMs: 120_000, displayFps: null },
      [0, 120_000, 240_000, 360_000],
    ],
    [
      'a vector that is too short, so the frame time',
      { '00280009': ['AT', FRAME_TIME_VECTOR], '00181065': ['DS', [0, 20]], '00181063': ['DS', 50] },
      { frameTimeMs: 50, displayFps: 20 },
      [0, 50, 100, 150],
    ],
    ['nothing', {}, { frameTimeMs: null, displayFps: null }, [null, null, null, null]],
  ] satisfies [string, DicomElements, object, (number | null)[]][])(
    'is from %s',
    async (_, elements, cine, times) => {
      const series = await loop(elements);
      expect(series).toMatchObject({
        kind: 'cine',
        cine: { ...cine, playback: 'loop' },
        sortedBy: 'order in the file',
      });
      expect(series?.frames.map(({ timeMs }) => timeMs)).toEqual(times);
    },
  );

  it('may be to sweep', async () => {
    expect((await loop({ '00181244': ['US', 1] }))?.cine?.playback).toBe('sweep');
  });
});
