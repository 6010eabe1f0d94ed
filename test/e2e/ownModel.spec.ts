import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/ml/seededRandom.ts';
import { NIFTI_TYPES, niftiFile } from '../fixtures/niftiFile.ts';
import { runKeyslice } from '../support/runKeyslice.ts';
import { expect, test } from './support/launch.ts';
import { shown, triaged } from './support/viewport.ts';

const SIDE = 24;
const FRAMES = 9;
const SPLITS = ['train', 'train', 'train', 'train', 'val', 'test'] as const;

/** Value without noise: a disc that grows and shrinks along the series, or bars that move. */
const DRAWN = {
  disc: (x: number, y: number, t: number): number => (Math.hypot(x - 12, y - 12) < 3 + (t % 5) ? 180 : 20),
  bars: (x: number, _y: number, t: number): number => ((x + t) % 6 < 3 ? 160 : 40),
} as const;

function writeStudies(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const random = seededRandom(5);
  const [datatype, bitsPerVoxel] = NIFTI_TYPES.uint8;
  const lines = Object.entries(DRAWN).flatMap(([label, value]) =>
    SPLITS.map((split, study) => {
      const data = Uint8Array.from({ length: SIDE * SIDE * FRAMES }, (_, at) => {
        const pixel = at % (SIDE * SIDE);
        const t = Math.floor(at / (SIDE * SIDE));
        return value(pixel % SIDE, Math.floor(pixel / SIDE), t + study) + 40 * random();
      });
      const name = `${label}-${study}.nii`;
      writeFileSync(
        join(folder, name),
        niftiFile({ dims: [SIDE, SIDE, FRAMES], datatype, bitsPerVoxel, data }),
      );
      return [name, label, split, name].join(',');
    }),
  );
  writeFileSync(join(folder, 'labels.csv'), ['path,label,split,group', ...lines].join('\n'));
}

test('a package that was trained on own studies classifies in the window', async ({ launch, folder }) => {
  const studies = join(folder, 'studies');
  writeStudies(studies);
  const env = { XDG_DATA_HOME: join(folder, 'data') };
  const run = join(folder, 'runs', 'das');
  const made = join(folder, 'discs-or-bars');
  for (const args of [
    ['train', '--data', studies, '--size', '24', '--epochs', '25', '--seed', '1', '--out', run],
    ['pack', '--run', join(folder, 'runs'), '--data', studies, '--out', made, '--id', 'discs-or-bars'],
    ['models', 'add', made],
  ]) {
    const { code, stderr } = await runKeyslice(args, { env });
    expect(code, stderr).toBe(0);
  }

  for (const label of ['disc', 'bars']) {
    const { page } = await launch({ paths: [join(studies, `${label}-5.nii`)], env });
    await shown(page);
    await triaged(page);
    const panel = page.getByTestId('classification');
    await expect(panel).toContainText('studies');
    await expect(panel.locator('.best')).toContainText(label);
  }
});
