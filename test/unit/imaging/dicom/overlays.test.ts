import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../src/contract/frame.ts';
import { displayed } from '../../../../src/imaging/frames/displayed.ts';
import { loadFrame } from '../../../../src/imaging/frames/loadFrame.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice, usLoop } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements, type DicomFileOptions } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const path = join(temporaryFolder(), 'image.dcm');

async function read(
  elements: DicomElements,
  options?: DicomFileOptions,
): Promise<{ frames: Frame[]; warnings: string[] }> {
  writeFileSync(path, dicomFile(elements, options));
  const [series] = (await readStudy(path)).series;
  const [file] = series?.files ?? [];
  if (series === undefined || file === undefined) throw new Error('no series');
  const loaded = series.frames.map((record) => loadFrame({ record, file, unwrapped: null }));
  return { frames: await Promise.all(loaded), warnings: series.warnings.map(({ message }) => message) };
}

/** One overlay group of 3 × 3 pixels at the given row and column, counted from 1. */
const overlay = (group: string, origin: readonly number[], data: Uint8Array): DicomElements => ({
  [`${group}0010`]: ['US', 3],
  [`${group}0011`]: ['US', 3],
  [`${group}0040`]: ['CS', 'G'],
  [`${group}0050`]: ['SS', origin],
  [`${group}0100`]: ['US', 1],
  [`${group}0102`]: ['US', 0],
  [`${group}3000`]: ['OW', data],
});

/** Bits 0, 2, 4, 6, 8 of nine: the corners and the middle. */
const FIVE = new Uint8Array([0b01010101, 0b1]);
const rowsOf = ({ overlay: mask, columns }: Frame): string[] =>
  Array.from({ length: (mask?.length ?? 0) / columns }, (_, row) =>
    [...(mask ?? []).slice(row * columns, (row + 1) * columns)].join(''),
  );

describe('overlay planes', () => {
  it('lie where their origin says, and what reaches beyond the image is cut', async () => {
    const elements = { ...overlay('6000', [1, 2], FIVE), ...overlay('6002', [-1, -1], FIVE) };
    const { frames, warnings } = await read(ctSlice({ rows: 4, columns: 5, elements }));
    expect(frames.map(rowsOf)).toEqual([['11010', '00100', '01010', '00000']]);
    expect(warnings).toEqual([]);
  });

  it('are swapped with the words of a big-endian data set', async () => {
    const swapped = new Uint8Array([0b1, 0b01010101]);
    const elements = overlay('6000', [1, 1], swapped);
    const options = { transferSyntax: '1.2.840.10008.1.2.2' };
    const { frames } = await read(ctSlice({ rows: 3, columns: 3, elements }), options);
    expect(frames.map(rowsOf)).toEqual([['101', '010', '101']]);
  });

  it('of several frames start at their frame of the image, one that names no frame lies over all', async () => {
    // Two planes without padding: the five points, then the middle alone.
    const two = new Uint8Array([0b01010101, 0b00100001, 0b0]);
    const multi = { ...overlay('6000', [1, 1], two), '60000015': ['IS', 2], '60000051': ['US', 2] } as const;
    const loop = (elements: DicomElements): DicomElements => usLoop(4, 40, 3, 3, elements);
    const { frames } = await read(loop(multi));
    const five = ['101', '010', '101'];
    expect(frames.map(rowsOf)).toEqual([[], five, ['000', '010', '000'], []]);
    const still = await read(loop(overlay('6000', [1, 1], FIVE)));
    expect(still.frames.map(rowsOf)).toEqual([five, five, five, five]);
  });

  it('in unused bits of the pixels are found, and no value and no warning comes of them', async () => {
    const pixels = Uint16Array.of(0x8001, 0x4002, 0x0fff, 0xc003);
    const elements: DicomElements = {
      '00280101': ['US', 12],
      '00280102': ['US', 11],
      '00281052': ['DS', 0],
      '60000100': ['US', 16],
      '60000102': ['US', 15],
      '60020100': ['US', 16],
      '60020102': ['US', 14],
    };
    const { frames, warnings } = await read(ctSlice({ rows: 2, columns: 2, pixels, elements }));
    expect(frames.map(rowsOf)).toEqual([['11', '01']]);
    expect([...(frames[0]?.values ?? [])]).toEqual([1, 2, 4095, 3]);
    expect([warnings, frames[0]?.warnings]).toEqual([[], []]);
  });

  it.each([
    ['fewer bits than their size says', { ...overlay('6000', [1, 1], FIVE), '60000010': ['US', 40] }],
    ['a bit of the pixel values', { '60000100': ['US', 16], '60000102': ['US', 3] }],
    ['no columns', { '60000010': ['US', 3], '60003000': ['OW', FIVE] }],
  ] as [string, DicomElements][])('with %s are left out with a warning', async (_, elements) => {
    const { frames, warnings } = await read(ctSlice({ elements }));
    expect(frames[0]?.overlay).toBeUndefined();
    expect(warnings.join()).toContain('overlay 6000');
  });

  it('are white in the picture', async () => {
    const { frames } = await read(ctSlice({ rows: 3, columns: 3, elements: overlay('6000', [1, 1], FIVE) }));
    const [frame] = frames;
    if (frame === undefined) throw new Error('no frame');
    const { channels, pixels } = displayed(frame, {
      center: 1e6,
      width: 2,
      function: 'LINEAR_EXACT',
      name: null,
    });
    expect([channels, [...pixels]]).toEqual([1, [255, 0, 255, 0, 255, 0, 255, 0, 255]]);
  });
});

describe('supplemental palettes', () => {
  const colors = (presentation: string, entries: number): DicomElements => ({
    '00089205': ['CS', presentation],
    '00281101': ['SS', [2, 1000, 16]],
    '00281102': ['SS', [2, 1000, 16]],
    '00281103': ['SS', [2, 1000, 16]],
    '00281201': ['OW', new Uint16Array(entries).fill(0x1000)],
    '00281202': ['OW', new Uint16Array(entries).fill(0x2000)],
    '00281203': ['OW', new Uint16Array(entries).fill(0x3000)],
  });
  const pixels = Int16Array.of(-5, 999, 1000, 3000);
  const image = (elements: DicomElements): DicomElements =>
    ctSlice({ rows: 2, columns: 2, pixels, elements });
  const window = { center: 0, width: 1e9, function: 'LINEAR_EXACT', name: null } as const;

  it('colour the values from their first on and leave the others grey', async () => {
    const [frame] = (await read(image(colors('COLOR', 2)))).frames;
    if (frame === undefined) throw new Error('no frame');
    expect([...frame.values]).toEqual([...pixels]);
    const shown = displayed(frame, window);
    const color = [0x10, 0x20, 0x30];
    expect([shown.channels, [...shown.pixels]]).toEqual([
      3,
      [127, 127, 127, 127, 127, 127, ...color, ...color],
    ]);
  });

  it('are not shown where the file says MONOCHROME, nor where they are unusable', async () => {
    expect((await read(image(colors('MONOCHROME', 2)))).frames[0]?.supplemental).toBeUndefined();
    const short = await read(image(colors('COLOR', 1)));
    expect(short.frames[0]?.supplemental).toBeUndefined();
    expect(short.warnings.join()).toContain('palette');
  });
});
