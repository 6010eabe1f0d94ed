import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { gifFile } from '../../../fixtures/gifFile.ts';
import { askJudge, pythonHas } from '../../../support/pythonJudge.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { scratchIn, seriesOfFile, shownPictures } from '../../../support/unpackedPictures.ts';

const folder = temporaryFolder();
const scratch = scratchIn(folder);
const path = join(folder, 'loop.gif');

const PALETTE = [
  [0, 0, 0],
  [200, 10, 20],
  [30, 180, 40],
  [250, 250, 250],
] as const;
/** Each way of making room for the next picture, a part of the canvas, and pixels that are left as they are. */
const DISPOSALS = [
  {
    width: 6,
    height: 4,
    indices: Array.from({ length: 24 }, (_, at) => (at * 5) % 4),
    delay: 4,
    disposal: 1,
  },
  { left: 1, top: 1, width: 3, height: 2, indices: [3, 3, 3, 1, 1, 1], delay: 6, disposal: 3 },
  {
    left: 2,
    top: 0,
    width: 4,
    height: 4,
    indices: new Array(16).fill(2),
    delay: 8,
    disposal: 2,
    transparent: 0,
  },
  { left: 0, top: 2, width: 2, height: 2, indices: [1, 0, 0, 1], delay: 10, transparent: 0 },
];

interface Judged {
  size: readonly [number, number];
  pictures: readonly string[];
  ms: readonly number[];
}

describe('a GIF', () => {
  it('is a loop with the times of its own', async () => {
    writeFileSync(path, gifFile({ width: 6, height: 4 }, PALETTE, DISPOSALS));
    const series = await seriesOfFile(path, scratch);
    expect(series).toMatchObject({
      format: 'video',
      kind: 'cine',
      framesPerPhase: 4,
      description: 'loop.gif · GIF',
    });
    expect(series.frames.map(({ timeMs }) => timeMs)).toEqual([0, 40, 100, 180]);
    expect(series.frames.map(({ lossy }) => lossy)).toEqual([false, false, false, false]);
    const pictures = await shownPictures(series);
    const pixel = (frame: number, row: number, column: number): number[] => [
      ...pictures.subarray(72 * frame + 3 * (6 * row + column), 72 * frame + 3 * (6 * row + column) + 3),
    ];
    expect(pixel(1, 1, 1)).toEqual(PALETTE[3]);
    // Restored to what lay under the second picture, then cleared after the third.
    expect(pixel(2, 1, 1)).toEqual(pixel(0, 1, 1));
    expect(pixel(2, 3, 5)).toEqual(PALETTE[2]);
    expect(pixel(3, 3, 5)).toEqual([0, 0, 0]);
  });

  it.skipIf(!pythonHas('PIL')).each([
    ['written by us', false],
    ['compressed by Pillow', true],
  ])('%s has the pictures that Pillow composes', async (_, make) => {
    if (!make) writeFileSync(path, gifFile({ width: 6, height: 4 }, PALETTE, DISPOSALS));
    const judged = askJudge('gif.py', { path, make }) as Judged;
    const series = await seriesOfFile(path, scratch);
    const [columns, rows] = judged.size;
    expect(series.frames[0]?.pixel).toMatchObject({ rows, columns });
    expect((await shownPictures(series)).toString('hex')).toBe(judged.pictures.join(''));
    const shown = series.frames.map(({ timeMs }) => timeMs);
    let time = 0;
    expect(shown).toEqual(judged.ms.map((ms) => (time += ms) - ms));
  });

  it('that is grey takes one byte a pixel, and three from its first colour on', async () => {
    const grey = { width: 6, height: 4, indices: new Array<number>(24).fill(3) };
    writeFileSync(path, gifFile({ width: 6, height: 4 }, PALETTE, [grey, grey]));
    const one = await seriesOfFile(path, scratch);
    expect(one.frames[1]?.pixel).toMatchObject({ samplesPerPixel: 1, photometric: 'MONOCHROME2' });
    expect(one.files[1]).toMatchObject({ bytes: 48, shownPath: path });
    const coloured = { ...grey, indices: [...new Array<number>(23).fill(3), 1] };
    writeFileSync(path, gifFile({ width: 6, height: 4 }, PALETTE, [grey, grey, coloured]));
    const three = await seriesOfFile(path, scratch);
    expect(three.files[1]?.bytes).toBe(3 * 72);
    const pictures = await shownPictures(three);
    expect(pictures.subarray(0, 144).every((value) => value === 250)).toBe(true);
    expect([...pictures.subarray(213)]).toEqual([200, 10, 20]);
  });

  it('that ends early gives the pictures before, with a warning', async () => {
    const whole = gifFile({ width: 6, height: 4 }, PALETTE, DISPOSALS);
    writeFileSync(path, whole.subarray(0, whole.length - 8));
    const series = await seriesOfFile(path, scratch);
    expect(series.framesPerPhase).toBe(3);
    expect(series.warnings).toMatchObject([{ code: 'VIDEO_DAMAGED', facts: { frames: 3 } }]);
  });

  it.each([
    ['breaks off in its first picture', (whole: Uint8Array) => whole.subarray(0, 50), 'FILE_TRUNCATED'],
    ['is a header', (whole: Uint8Array) => whole.subarray(0, 10), 'FILE_TRUNCATED'],
    [
      'has no pictures',
      (whole: Uint8Array) => Buffer.concat([whole.subarray(0, 25), Buffer.of(0x3b)]),
      'NOT_AN_IMAGE',
    ],
    [
      'is 65535 pixels wide and high',
      (whole: Uint8Array) => patched(whole, 6, [255, 255, 255, 255]),
      'LIMIT_EXCEEDED',
    ],
    ['is of no width', (whole: Uint8Array) => patched(whole, 6, [0, 0]), 'HEADER_INCONSISTENT'],
    ['draws outside its canvas', (whole: Uint8Array) => patched(whole, 6, [3, 0]), 'HEADER_INCONSISTENT'],
    ['has wrong codes', (whole: Uint8Array) => patched(whole, 46, [255, 255, 255]), 'FILE_UNREADABLE'],
  ])('that %s is refused', async (_, change, code) => {
    writeFileSync(path, change(gifFile({ width: 6, height: 4 }, PALETTE, DISPOSALS)));
    await expect(readStudy(path, { scratch })).rejects.toMatchObject({ code, path });
  });
});

function patched(whole: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  const copy = whole.slice();
  copy.set(bytes, at);
  return copy;
}
