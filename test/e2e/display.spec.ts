import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { DicomElements } from '../fixtures/dicomFile.ts';
import { writeCtSeries } from '../fixtures/ctSlice.ts';
import { expect, test } from './support/launch.ts';
import { fittedPlace, Picture, shown } from './support/viewport.ts';

const ROWS = 48;
const COLUMNS = 64;
/** Blocks of one value each, so that interpolation between pixels cannot blur what is sampled. */
const BLOCK = 8;
const SPACING = [0.7, 0.5] as const;
/** Rounding in the shader's table of 8 bits, in its interpolation and in the copy to the screen. */
const TOLERANCE = 3;

/** HU of a block: from -260 to 340. */
const value = (column: number, row: number): number => {
  const block = Math.floor(column / BLOCK) + Math.floor(row / BLOCK) * (COLUMNS / BLOCK);
  return -260 + ((block * 37) % 61) * 10;
};

const pixels = Int16Array.from(
  { length: ROWS * COLUMNS },
  (_, at) => value(at % COLUMNS, Math.floor(at / COLUMNS)) + 1024,
);

/** Blocks whose centre has not the wanted grey. */
async function wrongBlocks(page: Page, wanted: (column: number, row: number) => number): Promise<number[][]> {
  const picture = await Picture.of(page.getByTestId('picture'));
  const wrong: number[][] = [];
  for (let row = BLOCK / 2; row < ROWS; row += BLOCK) {
    for (let column = BLOCK / 2; column < COLUMNS; column += BLOCK) {
      const [x, y] = fittedPlace(picture, [COLUMNS, ROWS], SPACING, [column, row]);
      const grey = wanted(column, row);
      const [red, green, blue] = picture.at(x, y);
      const far = [red, green, blue].some((channel) => Math.abs(channel - grey) > TOLERANCE);
      if (far) wrong.push([column, row, grey, red, green, blue]);
    }
  }
  return wrong;
}

const series = (folder: string, elements: DicomElements): string => {
  writeCtSeries(folder, 3, { rows: ROWS, columns: COLUMNS, pixels, elements });
  return folder;
};

test('SIGMOID is shown as PS3.3 C.11.2.1.3.1 defines it', async ({ launch, folder }) => {
  const sigmoid = (hu: number): number => 255 / (1 + Math.exp((-4 * (hu - 40)) / 300));
  const window = (width: number, shape: string): DicomElements => ({
    '00281050': ['DS', 40],
    '00281051': ['DS', width],
    '00281056': ['CS', shape],
  });
  const { page } = await launch({ paths: [series(join(folder, 'sigmoid'), window(300, 'SIGMOID'))] });
  await shown(page);
  await expect(page.getByTestId('window-text')).toHaveText('W 300 L 40');
  await expect.poll(() => wrongBlocks(page, (column, row) => sigmoid(value(column, row)))).toEqual([]);
  // A window of the person's is a straight line again; the file's own comes back.
  await page.keyboard.press('4');
  await expect(page.getByTestId('window-text')).toHaveText('W 400 L 40');
  const linear = (hu: number): number => Math.min(255, Math.max(0, ((hu - 39.5) / 399 + 0.5) * 255));
  await expect.poll(() => wrongBlocks(page, (column, row) => linear(value(column, row)))).toEqual([]);
  await page.keyboard.press('1');
  await page.keyboard.press('i');
  await expect(page.getByText('inverted', { exact: true })).toBeVisible();
  await expect.poll(() => wrongBlocks(page, (column, row) => 255 - sigmoid(value(column, row)))).toEqual([]);
});

test('a LINEAR_EXACT window as narrow as seven units is exact', async ({ launch, folder }) => {
  const exact = (hu: number): number => Math.min(255, Math.max(0, ((hu - 40) / 7 + 0.5) * 255));
  // One unit from block to block, the window in their middle.
  const stepped = Int16Array.from(
    { length: ROWS * COLUMNS },
    (_, at) => 1024 + 34 + Math.floor((at % COLUMNS) / BLOCK),
  );
  const elements = {
    '00281050': ['DS', 40],
    '00281051': ['DS', 7],
    '00281056': ['CS', 'LINEAR_EXACT'],
  } as const;
  writeCtSeries(join(folder, 'exact'), 3, { rows: ROWS, columns: COLUMNS, pixels: stepped, elements });
  const { page } = await launch({ paths: [join(folder, 'exact')] });
  await shown(page);
  await expect.poll(() => wrongBlocks(page, (column) => exact(34 + Math.floor(column / BLOCK)))).toEqual([]);
});

test('a VOI LUT is the window of a file that has no other, and overlays lie on the image', async ({
  launch,
  folder,
}) => {
  const entries = Uint16Array.from({ length: 500 }, (_, i) => Math.round(4095 * Math.sqrt(i / 499)));
  const lut = (hu: number): number => ((entries[Math.min(499, Math.max(0, hu + 200))] ?? 0) / 4095) * 255;
  // Two blocks, of 8 × 8 pixels, beside each other: their left upper corner is at column 16, row 8.
  const elements: DicomElements = {
    '00281050': ['DS', ''],
    '00281051': ['DS', ''],
    '00283010': [
      'SQ',
      [
        {
          '00283002': ['SS', [500, -200, 12]],
          '00283003': ['LO', 'NORMAL'],
          '00283006': ['OW', entries],
        },
      ],
    ],
    '60000010': ['US', BLOCK],
    '60000011': ['US', 2 * BLOCK],
    '60000040': ['CS', 'G'],
    '60000050': ['SS', [BLOCK + 1, 2 * BLOCK + 1]],
    '60000100': ['US', 1],
    '60000102': ['US', 0],
    '60003000': ['OW', new Uint8Array((BLOCK * 2 * BLOCK) / 8).fill(255)],
  };
  const { page } = await launch({ paths: [series(join(folder, 'lut'), elements)] });
  await shown(page);
  await expect(page.getByTestId('window-text')).toHaveText('W 499 L 50 LUT NORMAL');
  const covered = (column: number, row: number): boolean =>
    row >= BLOCK && row < 2 * BLOCK && column >= 2 * BLOCK && column < 4 * BLOCK;
  const plain = (column: number, row: number): number => lut(value(column, row));
  const drawn = (column: number, row: number): number => (covered(column, row) ? 255 : plain(column, row));
  await expect.poll(() => wrongBlocks(page, drawn)).toEqual([]);
  await page.keyboard.press('g');
  await expect(page.getByText('overlay hidden')).toBeVisible();
  await expect.poll(() => wrongBlocks(page, plain)).toEqual([]);
  await page.keyboard.press('g');
  await expect.poll(() => wrongBlocks(page, drawn)).toEqual([]);
});
