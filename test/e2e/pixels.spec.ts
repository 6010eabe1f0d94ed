import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { dicomFile } from '../fixtures/dicomFile.ts';
import { usLoop, writeCtSeries } from '../fixtures/ctSlice.ts';
import { expect, test } from './support/launch.ts';
import { fittedPlace, Picture, shown, shownFrame } from './support/viewport.ts';

const ROWS = 48;
const COLUMNS = 64;
/** Blocks of one value each, so that interpolation between pixels cannot blur what is sampled. */
const BLOCK = 8;
/** Row and column spacing of the fixture: not square, so a mix-up of the two moves every block. */
const SPACING = [0.7, 0.5] as const;
const RESCALE_INTERCEPT = -1024;
/** Rounding to 8 bits twice, in the shader and in the copy to the screen. */
const TOLERANCE = 3;

/** Stored value of a block: from -260 to 340 HU, so the window of -160 to 239 is passed at both ends. */
const stored = (column: number, row: number): number => {
  const block = Math.floor(column / BLOCK) + Math.floor(row / BLOCK) * (COLUMNS / BLOCK);
  return 1024 - 260 + ((block * 37) % 61) * 10;
};

const pixels = Int16Array.from({ length: ROWS * COLUMNS }, (_, at) =>
  stored(at % COLUMNS, Math.floor(at / COLUMNS)),
);

/** What the centre of each block must be on the screen (PS3.3 C.11.2.1.2.1, LINEAR). */
function expected(column: number, row: number, center: number, width: number): number {
  const value = stored(column, row) + RESCALE_INTERCEPT;
  const share = (value - (center - 0.5)) / (width - 1) + 0.5;
  return Math.min(255, Math.max(0, Math.round(share * 255)));
}

function compare(picture: Picture, center: number, width: number, inverted: boolean): number[][] {
  const wrong: number[][] = [];
  for (let row = BLOCK / 2; row < ROWS; row += BLOCK) {
    for (let column = BLOCK / 2; column < COLUMNS; column += BLOCK) {
      const [x, y] = fittedPlace(picture, [COLUMNS, ROWS], SPACING, [column, row]);
      const grey = expected(column, row, center, width);
      const wanted = inverted ? 255 - grey : grey;
      const [red, green, blue] = picture.at(x, y);
      const far = [red, green, blue].some((channel) => Math.abs(channel - wanted) > TOLERANCE);
      if (far) wrong.push([column, row, wanted, red, green, blue]);
    }
  }
  return wrong;
}

test('every block of a CT slice has the grey that its Hounsfield value has in the window', async ({
  launch,
  folder,
}) => {
  writeCtSeries(join(folder, 'ct'), 3, { rows: ROWS, columns: COLUMNS, pixels });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  const picture = page.getByTestId('picture');
  await expect.poll(async () => compare(await Picture.of(picture), 40, 400, false)).toEqual([]);

  await page.keyboard.press('4');
  await expect(page.getByTestId('window-text')).toHaveText('W 400 L 40');
  await page.keyboard.press('6');
  await expect(page.getByTestId('window-text')).toHaveText('W 2000 L 400');
  await expect.poll(async () => compare(await Picture.of(picture), 400, 2000, false)).toEqual([]);

  await page.keyboard.press('1');
  await page.keyboard.press('i');
  await expect(page.getByText('inverted', { exact: true })).toBeVisible();
  await expect.poll(async () => compare(await Picture.of(picture), 40, 400, true)).toEqual([]);
});

test('MONOCHROME1 shows its smallest value white', async ({ launch, folder }) => {
  const elements = { '00280004': ['CS', 'MONOCHROME1'] } as const;
  writeCtSeries(join(folder, 'ct'), 3, { rows: ROWS, columns: COLUMNS, pixels, elements });
  const { page } = await launch({ paths: [join(folder, 'ct')] });
  await shown(page);
  const picture = page.getByTestId('picture');
  await expect.poll(async () => compare(await Picture.of(picture), 40, 400, true)).toEqual([]);
});

test('RGB blocks keep their colours', async ({ launch, folder }) => {
  const color = (column: number, row: number): [number, number, number] => [
    (Math.floor(column / BLOCK) * 31) % 256,
    (Math.floor(row / BLOCK) * 47) % 256,
    200,
  ];
  const rgb = Uint8Array.from({ length: ROWS * COLUMNS * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return color(pixel % COLUMNS, Math.floor(pixel / COLUMNS))[at % 3] ?? 0;
  });
  const frames = new Uint8Array(rgb.length * 2);
  frames.set(rgb);
  frames.set(rgb, rgb.length);
  const file = join(folder, 'us.dcm');
  writeFileSync(
    file,
    dicomFile(
      usLoop(2, 40, ROWS, COLUMNS, {
        '00280002': ['US', 3],
        '00280004': ['CS', 'RGB'],
        '00280006': ['US', 0],
        '7FE00010': ['OB', frames],
      }),
    ),
  );
  const { page } = await launch({ paths: [file] });
  await shownFrame(page, 0);
  const wrongBlocks = (picture: Picture): number[][] => {
    const wrong: number[][] = [];
    for (let row = BLOCK / 2; row < ROWS; row += BLOCK) {
      for (let column = BLOCK / 2; column < COLUMNS; column += BLOCK) {
        const found = picture.at(...fittedPlace(picture, [COLUMNS, ROWS], [1, 1], [column, row]));
        const wanted = color(column, row);
        const far = found.some((channel, index) => Math.abs(channel - (wanted[index] ?? 0)) > TOLERANCE);
        if (far) wrong.push([column, row, ...wanted, ...found]);
      }
    }
    return wrong;
  };
  await expect.poll(async () => wrongBlocks(await Picture.of(page.getByTestId('picture')))).toEqual([]);
});
