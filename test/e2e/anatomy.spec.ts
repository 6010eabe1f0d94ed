import type { Page } from '@playwright/test';
import { sharedData } from '../support/sharedData.ts';
import { expect, test } from './support/launch.ts';
import { PATIENCE_MS, type Picture, drawnPicture, shown } from './support/viewport.ts';

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
/** Another head: were the planes of the series before still there, it would look like the eight. */
const OTHER = { path: sharedData('nifti/nib_anatomical_int16_bigendian.nii'), images: 25 };

/** Interpolation and rounding of the grey scale, levels of 255. */
const SAME = 2;
const MARGIN = 24;
/** What a mirrored picture and another head differ by at least, or the test could not fail; a letter marks the right. */
const DIFFERENT = 8;

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

/** Shows a series, whose stack must have so many images, and gives its three planes. */
async function picturesOf(page: Page, index: number, images: number): Promise<Pictures> {
  await page.getByTestId(`series-${String(index)}`).click();
  await shown(page);
  // The stack keeps the third dimension as it is stored.
  const ribbon = page.getByRole('slider', { name: 'Scores of all images' });
  await expect(ribbon).toHaveAttribute('aria-valuemax', String(images));
  await page.keyboard.press('v');
  await page.locator('[data-testid="mpr"][data-state="shown"]').waitFor({ timeout: PATIENCE_MS });
  await pointAtMiddle(page);
  const of = (plane: keyof Pictures): Promise<Picture> => drawnPicture(page.getByTestId(`pane-${plane}`));
  const pictures = { axial: await of('axial'), sagittal: await of('sagittal'), coronal: await of('coronal') };
  await page.screenshot({ path: test.info().outputPath(`series-${String(index)}.png`) });
  await page.keyboard.press('v');
  await shown(page);
  return pictures;
}

test('eight axis orders of one volume show the same anatomy in three planes', async ({ launch }) => {
  test.skip([...paths, OTHER.path].includes(null), 'the shared data are not there');
  // Nine volumes in software rendering.
  test.setTimeout(1_200_000);
  const { page } = await launch({ paths: [...paths, OTHER.path].flatMap((path) => path ?? []) });
  const pictures: Pictures[] = [];
  for (const [index, [, images]] of ORDERS.entries()) pictures.push(await picturesOf(page, index, images));
  const other = await picturesOf(page, ORDERS.length, OTHER.images);
  const [reference] = pictures;
  if (reference === undefined) throw new Error('no pictures');
  for (const plane of PLANES) {
    const own = reference[plane];
    for (const [index, each] of pictures.entries()) {
      const name = `${plane} of ${ORDERS[index]?.[0] ?? ''}`;
      expect.soft(meanDifference(own, each[plane], UPRIGHT), name).toBeLessThan(SAME);
    }
    expect(meanDifference(own, own, { horizontal: false, vertical: true }), plane).toBeGreaterThan(DIFFERENT);
    expect(meanDifference(own, own, { horizontal: true, vertical: false }), plane).toBeGreaterThan(DIFFERENT);
    expect(meanDifference(own, other[plane], UPRIGHT), plane).toBeGreaterThan(DIFFERENT);
  }
});
