import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { metricsOf } from '../../src/ml/training/metrics.ts';
import { decodePredictions, readRunMetrics } from '../../src/ml/training/runMetrics.ts';
import { NIFTI_TYPES, niftiFile } from '../fixtures/niftiFile.ts';
import { errorCode, runKeyslice } from '../support/runKeyslice.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const sources = { ct: sharedData('dicom/ct_chest_lung_60'), mr: sharedData('dicom/mr_sag_mprage_192') };
const missing = Object.values(sources).includes(null);
if (missing) console.log('skipped: the shared CT and MR series are not there');

const SPLIT_OF = ['train', 'train', 'train', 'val', 'test'] as const;
const HEADER = 'path,label,split,group';

interface Line {
  readonly path: string;
  readonly label: string;
  readonly split: string;
  readonly group: string;
}

const listOf = (lines: readonly Line[]): string =>
  [HEADER, ...lines.map(({ path, label, split, group }) => [path, label, split, group].join())].join('\n');

/** Five studies of each source: every fifth slice, of other numbers of slices. */
function makeStudies(folder: string): Line[] {
  return Object.entries(sources).flatMap(([label, source]) => {
    if (source === null) return [];
    const files = readdirSync(source).toSorted().slice(0, 60);
    return SPLIT_OF.map((split, study) => {
      const name = `${label}-${study}`;
      mkdirSync(join(folder, name), { recursive: true });
      const own = files.filter((_, index) => index % 5 === study).slice(0, 12 - (study % 3));
      for (const file of own) cpSync(join(source, file), join(folder, name, file));
      return { path: name, label, split, group: name };
    });
  });
}

describe.skipIf(missing)('a folder of labelled studies', () => {
  const root = temporaryFolder();
  const folder = join(root, 'studies');
  const env = { XDG_DATA_HOME: join(root, 'data') };
  const run = join(root, 'run');
  let lines: Line[] = [];

  const writeList = (name: string, changed: readonly Line[]): string => {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, listOf(changed));
    return file;
  };

  beforeAll(async () => {
    lines = makeStudies(folder);
    writeFileSync(join(folder, 'labels.csv'), listOf(lines));
    const training = await runKeyslice(
      [
        'train',
        '--data',
        folder,
        '--size',
        '32',
        '--ratio',
        '0.5',
        '--epochs',
        '12',
        '--seed',
        '3',
        '--out',
        run,
        '--json',
      ],
      { env },
    );
    expect(training.json()).toMatchObject({ epochs: 12 });
    const evaluation = await runKeyslice(
      ['evaluate', '--run', run, '--data', folder, '--split', 'test', '--json'],
      {
        env,
      },
    );
    expect(evaluation.json()).toMatchObject({ n: 2, data: { name: 'studies' }, sampler: 'das' });
  });

  it('trains, packs, and the package gives a study the very probabilities of the evaluation', async () => {
    const out = join(root, 'packed');
    const packing = await runKeyslice(
      ['pack', '--run', run, '--data', folder, '--out', out, '--id', 'ct-or-mr', '--json'],
      {
        env,
      },
    );
    expect(packing.json()).toMatchObject({ id: 'ct-or-mr' });
    await runKeyslice(['models', 'add', out], { env });
    const { models } = (await runKeyslice(['models', '--json'], { env })).json();
    expect(models).toContainEqual(expect.objectContaining({ id: 'ct-or-mr', ok: true }));

    const metrics = await readRunMetrics(join(run, 'metrics.json'), 'metrics.json');
    const { test } = metrics.splits;
    if (test === undefined) throw new Error('the test split was evaluated');
    const { probabilities } = decodePredictions(test, 2);
    // It has learned something, or any pixels would do.
    expect(metricsOf(decodePredictions(test, 2)).accuracy).toBe(1);
    expect(Math.abs(probabilities[0]! - probabilities[2]!)).toBeGreaterThan(0.3);
    for (const [row, { path }] of lines.filter(({ split }) => split === 'test').entries()) {
      const triage = (
        await runKeyslice(['triage', join(folder, path), '--model', 'ct-or-mr', '--ratio', '0.5', '--json'], {
          env,
        })
      ).json();
      expect(triage['classification']).toMatchObject({ package: 'ct-or-mr', inScope: true });
      const { classification } = triage as { classification: { probabilities: number[] } };
      classification.probabilities.forEach((probability, c) => {
        expect(Math.abs(probability - probabilities[2 * row + c]!)).toBeLessThan(1e-4);
      });
    }
  });

  it('leaves no path and no patient in what is committed', () => {
    const text = readFileSync(join(run, 'metrics.json'), 'utf8');
    expect(text).not.toContain(root);
    expect(text).not.toContain('ct-4');
    expect(text.length).toBeLessThan(30_000);
  });

  it('is refused when a patient stands in two splits', async () => {
    const leaking = lines.map((line) => (line.path === 'mr-4' ? { ...line, group: 'mr-0' } : line));
    const finished = await runKeyslice(
      ['train', '--data', writeList('leak', leaking), '--out', join(root, 'x'), '--json'],
      {
        env,
      },
    );
    expect(errorCode(finished)).toBe('GROUP_IN_TWO_SPLITS');
    expect(finished.stdout).toContain('mr-0');
  });

  describe('with a study that cannot be used', () => {
    const bad = (name: string): Line => ({ path: name, label: 'mr', split: 'train', group: name });
    const volume = (values: Float32Array): Uint8Array => {
      const [datatype, bitsPerVoxel] = NIFTI_TYPES.float32;
      return niftiFile({ dims: [16, 16, 3], datatype, bitsPerVoxel, data: values });
    };
    const grey = (): Float32Array => Float32Array.from({ length: 768 }, (_, i) => (i * 37) % 101);

    const cases: [string, string, () => Uint8Array, string][] = [
      [
        'black throughout',
        'black.nii',
        () => volume(new Float32Array(768)),
        'all its pixels have the same value',
      ],
      ['a frame of NaN', 'nan.nii', () => volume(grey().fill(NaN, 256, 512)), 'frame 1'],
      ['truncated', 'short.nii', () => volume(grey()).subarray(0, 900), 'FILE_TRUNCATED'],
      ['no image', 'text.txt', () => Buffer.from('no image at all'), 'NOT_AN_IMAGE'],
    ];
    it.each(cases)('%s is LABELS_INVALID with its line and reason', async (what, name, content, reason) => {
      writeFileSync(join(folder, name), content());
      const list = writeList(what, [...lines, bad(name)]);
      const finished = await runKeyslice(['train', '--data', list, '--out', join(root, 'x'), '--json'], {
        env,
      });
      expect(errorCode(finished)).toBe('LABELS_INVALID');
      expect(finished.stdout).toContain(`line ${lines.length + 2}: ${name}`);
      expect(finished.stdout).toContain(reason);
    });

    it('the same images twice are refused, with both lines', async () => {
      cpSync(join(folder, 'ct-0'), join(folder, 'copy'), { recursive: true });
      const list = writeList('twice', [...lines, bad('copy')]);
      const finished = await runKeyslice(['train', '--data', list, '--out', join(root, 'x'), '--json'], {
        env,
      });
      expect(errorCode(finished)).toBe('LABELS_INVALID');
      expect(finished.stdout).toContain('same images as ct-0 on line 2');
    });

    it('a label without a training study is refused by name', async () => {
      const list = writeList('unseen', [...lines, { ...bad('ct-0/extra'), label: 'us', split: 'test' }]);
      mkdirSync(join(folder, 'ct-0', 'extra'));
      const finished = await runKeyslice(['train', '--data', list, '--out', join(root, 'x'), '--json'], {
        env,
      });
      expect(errorCode(finished)).toBe('LABELS_INVALID');
      expect(finished.stdout).toContain('no study in the split train has the label us');
    });
  });

  it('may hold one frame, colours and pixels without a value', async () => {
    const [, bits] = NIFTI_TYPES.rgb24;
    const colors = Uint8Array.from({ length: 3 * 20 * 24 }, (_, i) => (i * 31) % 251);
    writeFileSync(
      join(folder, 'color.nii'),
      niftiFile({ dims: [20, 24, 1], datatype: NIFTI_TYPES.rgb24[0], bitsPerVoxel: bits, data: colors }),
    );
    const holes = Float32Array.from({ length: 768 }, (_, i) => (i % 7 === 0 ? NaN : (i * 37) % 101));
    const [datatype, bitsPerVoxel] = NIFTI_TYPES.float32;
    writeFileSync(
      join(folder, 'holes.nii'),
      niftiFile({ dims: [16, 16, 3], datatype, bitsPerVoxel, data: holes }),
    );
    const more = [
      { path: 'color.nii', label: 'ct', split: 'train', group: 'color' },
      { path: 'holes.nii', label: 'mr', split: 'test', group: 'holes' },
    ];
    const list = writeList('mixed', [...lines, ...more]);
    const mixed = join(root, 'mixed');
    const training = await runKeyslice(
      ['train', '--data', list, '--size', '32', '--epochs', '1', '--out', mixed, '--json'],
      { env },
    );
    expect(training.json()).toMatchObject({ epochs: 1 });
    const evaluation = await runKeyslice(
      ['evaluate', '--run', mixed, '--data', list, '--split', 'test', '--json'],
      {
        env,
      },
    );
    expect(evaluation.json()).toMatchObject({ n: 3, metrics: { auc: expect.any(Number) as number } });
  });
});
