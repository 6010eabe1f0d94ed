import { basename } from 'node:path';
import type { Page } from '@playwright/test';
import { sharedData } from '../support/sharedData.ts';
import { expect, test } from './support/launch.ts';
import { PATIENCE_MS, Picture, shown } from './support/viewport.ts';

/** One volume in eight axis orders, with the images that each has along its stored third dimension. */
const ORDERS = [
  ['RAS', 67],
  ['LAS', 67],
  ['LPI', 67],
  ['AIL', 64],
  ['ASL', 64],
  ['PSR', 64],
  ['SAR', 64],
  ['IRP', 79],
] as const;
const PLANES = ['axial', 'sagittal', 'coronal'] as const;
type Pictures = Record<(typeof PLANES)[number], Picture>;

const paths = ORDERS.map(([order]) => sharedData(`nifti/orientation_${order}.nii.gz`));

/** Interpolation and rounding of the grey scale, levels of 255; two sides of one head differ by ten times as much. */
const SAME = 2;
const MARGIN = 24;
/** Levels that a mirrored picture differs by at least: a test on a symmetric picture could not fail. */
const MIRRORED = 8;

interface Mirror {
  horizontal: boolean;
  vertical: boolean;
}

/** Mean difference of the red channel away from the edges, where the letters stand. */
function meanDifference(a: Picture, b: Picture, mirror: Mirror): number {
  let [sum, count] = [0, 0];
  for (let y = MARGIN; y < a.height - MARGIN; y++) {
    for (let x = MARGIN; x < a.width - MARGIN; x++, count++) {
      const other = b.at(mirror.horizontal ? b.width - 1 - x : x, mirror.vertical ? b.height - 1 - y : y);
      sum += Math.abs(a.at(x, y)[0] - other[0]);
    }
  }
  return sum / count;
}

const UPRIGHT: Mirror = { horizontal: false, vertical: false };

/** Puts the common point of the planes into the middle of the volume, by clicks in the middle of two panes. */
async function pointAtMiddle(page: Page): Promise<void> {
  for (const plane of ['axial', 'coronal'] as const) {
    await page.getByTestId(`pane-${plane}`).click();
  }
}

async function picturesOf(page: Page): Promise<Pictures> {
  await page.locator('[data-testid="mpr"][data-state="shown"]').waitFor({ timeout: PATIENCE_MS });
  await pointAtMiddle(page);
  const of = async (plane: keyof Pictures): Promise<Picture> => {
    const pane = page.getByTestId(`pane-${plane}`);
    await expect.poll(async () => (await Picture.of(pane)).colors()).toBeGreaterThan(20);
    return Picture.of(pane);
  };
  return { axial: await of('axial'), sagittal: await of('sagittal'), coronal: await of('coronal') };
}

test('eight axis orders of one volume show the same anatomy in three planes', async ({ launch }) => {
  test.skip(paths.includes(null), 'the shared data are not there');
  test.setTimeout(1_200_000);
  const { page } = await launch({ paths: paths.flatMap((path) => path ?? []) });
  const pictures: Pictures[] = [];
  for (const [index, [order, images]] of ORDERS.entries()) {
    await page.getByTestId(`series-${String(index)}`).click();
    await shown(page);
    const ribbon = page.getByRole('slider', { name: 'Scores of all images' });
    // The stack keeps the third dimension as it is stored.
    await expect(ribbon).toHaveAttribute('aria-valuemax', String(images));
    await page.keyboard.press('v');
    pictures.push(await picturesOf(page));
    await page.screenshot({ path: test.info().outputPath(`${order}.png`) });
    await page.keyboard.press('v');
    await shown(page);
  }
  const [reference] = pictures;
  if (reference === undefined) throw new Error('no pictures');
  for (const plane of PLANES) {
    for (const [index, each] of pictures.entries()) {
      const gap = meanDifference(reference[plane], each[plane], UPRIGHT);
      const name = `${plane} of ${basename(paths[index] ?? '')}`;
      console.log(name, gap.toFixed(2));
      expect.soft(gap, name).toBeLessThan(SAME);
    }
    const vertical = meanDifference(reference[plane], reference[plane], {
      horizontal: false,
      vertical: true,
    });
    const horizontal = meanDifference(reference[plane], reference[plane], {
      horizontal: true,
      vertical: false,
    });
    console.log(plane, 'mirrored', vertical.toFixed(2), horizontal.toFixed(2));
    expect(Math.max(vertical, horizontal), plane).toBeGreaterThan(MIRRORED);
  }
});
