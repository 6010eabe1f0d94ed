import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/ml/seededRandom.ts';
import { writeGoldenPackage } from '../fixtures/goldenPackage.ts';
import { writeNiftiVolume } from '../fixtures/niftiVolume.ts';
import { fixtureCard } from '../fixtures/packageFolder.ts';
import { errorCode, type Finished, runKeyslice } from '../support/runKeyslice.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const root = temporaryFolder();
const env = { XDG_DATA_HOME: join(root, 'data') };
const keyslice = (...args: string[]): Promise<Finished> => runKeyslice([...args, '--json'], { env });

function messageOf(run: Finished): string {
  return (run.json() as { error: { message: string } }).error.message;
}

describe('DPS through triage, with a package that carries logits of eight frames', async () => {
  const models = join(root, 'data', 'keyslice', 'models');
  mkdirSync(models, { recursive: true });
  const { scope } = fixtureCard('eight');
  await writeGoldenPackage(models, 'eight', {
    scope: { ...scope, framesMin: 2, framesMax: 40, extentMm: null, featureLimit: null },
    comparedSamplers: { dps: { logits: [0, 3, 1, 0, 2, 5, 0, 1], tau0: 2 } },
  });

  function triage(frames: number): Promise<Finished> {
    const file = join(root, `${frames}.nii`);
    const inside = (x: number, y: number, z: number): number => ((x - 14) ** 2 + y * z < 90 ? 1 : 0);
    writeNiftiVolume(file, { columns: 28, rows: 28, frames, spacing: 2 }, inside);
    const size = ['--k', '3', '--engine', 'onnxruntime:cpu'];
    return keyslice('triage', file, '--model', 'eight', '--sampler', 'dps', ...size);
  }

  it('keeps the frames of the largest logits of a series of eight', async () => {
    expect((await triage(8)).json()).toMatchObject({ sampler: { name: 'dps' }, selected: [1, 4, 5] });
  });

  it.each([7, 9])('is not applicable to a series of %i, and says so', async (frames) => {
    const refused = await triage(frames);
    expect([refused.code, errorCode(refused)]).toEqual([1, 'SAMPLER_NOT_APPLICABLE']);
    expect(messageOf(refused)).toContain(
      `it was trained for series of 8 frames, this one has ${String(frames)}`,
    );
  });
});

describe('DPS on a list of studies', () => {
  const random = seededRandom(8);

  /** Two studies for each split, with the given numbers of frames. */
  function writeList(name: string, lengths: Readonly<Record<'train' | 'val' | 'test', number>>): string {
    const folder = join(root, name);
    mkdirSync(folder);
    const lines = Object.entries(lengths).flatMap(([split, frames]) =>
      ['dark', 'light'].map((label) => {
        const file = `${label}-${split}.nii`;
        const low = label === 'dark' ? 0 : 90;
        const noise = (): number => low + Math.floor(100 * random());
        writeNiftiVolume(join(folder, file), { columns: 16, rows: 16, frames, spacing: 1 }, noise);
        return [file, label, split, file].join(',');
      }),
    );
    writeFileSync(join(folder, 'labels.csv'), ['path,label,split,group', ...lines].join('\n'));
    return folder;
  }

  const train = (data: string, run: string): Promise<Finished> =>
    keyslice('train', '--data', data, '--sampler', 'dps', '--size', '16', '--epochs', '1', '--out', run);

  it.each([
    ['train', { train: 9, val: 8, test: 8 }],
    ['val', { train: 8, val: 9, test: 8 }],
  ] as const)(
    'is not trained where the split %s has another length, and leaves no run',
    async (split, lengths) => {
      const run = join(root, `refused-${split}`);
      const args = ['train', '--data', writeList(`other-${split}`, lengths), '--sampler', 'dps'];
      const refused = await keyslice(...args, '--size', '16', '--frames', '8', '--epochs', '1', '--out', run);
      expect([refused.code, errorCode(refused)]).toEqual([1, 'SAMPLER_NOT_APPLICABLE']);
      expect(messageOf(refused)).toContain(
        `it keeps the same of 8 frames of every series, and one of the split ${split} has 9`,
      );
      expect(existsSync(run)).toBe(false);
    },
  );

  it('is evaluated on series of its length alone', async () => {
    const [data, run] = [writeList('longer-test', { train: 8, val: 8, test: 10 }), join(root, 'run')];
    expect((await train(data, run)).json()).toMatchObject({ epochs: 1 });
    const evaluate = (split: string): Promise<Finished> =>
      keyslice('evaluate', '--run', run, '--data', data, '--split', split);
    expect((await evaluate('val')).json()).toMatchObject({ n: 2, sampler: 'dps' });
    const refused = await evaluate('test');
    expect([refused.code, errorCode(refused)]).toEqual([1, 'SAMPLER_NOT_APPLICABLE']);
    expect(messageOf(refused)).toContain('it was trained for series of 8 frames, this one has 10');
  });
});
