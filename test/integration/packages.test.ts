import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/ml/seededRandom.ts';
import { writeGoldenPackage } from '../fixtures/goldenPackage.ts';
import { writeNiftiVolume } from '../fixtures/niftiVolume.ts';
import { fixtureCard } from '../fixtures/packageFolder.ts';
import { runKeyslice } from '../support/runKeyslice.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const home = temporaryFolder();
const models = join(home, 'keyslice', 'models');
const random = seededRandom(2);
const SIDE = 28;
const SPACING = 64 / SIDE;

/** A 28³ volume whose extent is that of the training data. */
function volume(name: string, value: (x: number, y: number, z: number) => number): string {
  const file = join(home, `${name}.nii`);
  writeNiftiVolume(file, { columns: SIDE, rows: SIDE, frames: SIDE, spacing: SPACING }, value);
  return file;
}

interface Classified {
  readonly inScope: boolean;
  readonly reason: string | null;
  readonly label: string | null;
  readonly probabilities: readonly number[] | null;
}

describe('a package for 28³ masks, through the command line', async () => {
  mkdirSync(models, { recursive: true });
  const { scope } = fixtureCard('mask-fixture');
  await writeGoldenPackage(models, 'mask-fixture', { scope: { ...scope, featureLimit: null } });

  async function classify(file: string): Promise<Classified> {
    const args = ['triage', file, '--json', '--model', 'mask-fixture', '--engine', 'onnxruntime:cpu'];
    const run = await runKeyslice(args, { env: { XDG_DATA_HOME: home } });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    return run.json()['classification'] as Classified;
  }

  test('a mask is classified', async () => {
    const ball = volume('ball', (x, y, z) => ((x - 14) ** 2 + (y - 13) ** 2 + (z - 12) ** 2 < 60 ? 255 : 0));
    const classified = await classify(ball);
    expect(classified).toMatchObject({ inScope: true, reason: null });
    expect(classified.probabilities).toHaveLength(2);
  });

  test.each([
    ['grey noise', () => Math.floor(256 * random()), 'it needs a binary mask, these are grey values'],
    ['an empty mask', () => 0, 'it needs a binary mask, all pixels are the same here'],
  ])('%s is out of its scope', async (name, value, reason) => {
    expect(await classify(volume(name.replaceAll(' ', '-'), value))).toEqual({
      ...{ package: 'mask-fixture', version: '1.0.0', labels: ['normal', 'hyperplasia'] },
      ...{ inScope: false, reason, label: null, probabilities: null },
    });
  });
});
