import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/ml/seededRandom.ts';
import { NIFTI_TYPES, niftiFile } from '../../fixtures/niftiFile.ts';
import { fixtureCard, writePackage } from '../../fixtures/packageFolder.ts';
import { errorCode, type Finished, runKeyslice } from '../../support/runKeyslice.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const root = temporaryFolder();
const env = { XDG_DATA_HOME: join(root, 'data') };
const random = seededRandom(3);

interface Volume {
  readonly type: 'float32' | 'uint8' | 'rgb24';
  readonly frames: number;
  /** Value of a pixel of frame t. */
  readonly value: (t: number, pixel: number) => number;
}

const SIDE = 16;

function write(name: string, { type, frames, value }: Volume): string {
  const [datatype, bitsPerVoxel] = NIFTI_TYPES[type];
  const length = SIDE * SIDE * (type === 'rgb24' ? 3 : 1);
  const values = Array.from({ length: frames * length }, (_, i) => value(Math.floor(i / length), i % length));
  const data = type === 'float32' ? Float32Array.from(values) : Uint8Array.from(values);
  const file = join(root, `${name}.nii`);
  writeFileSync(file, niftiFile({ dims: [SIDE, SIDE, frames], datatype, bitsPerVoxel, data }));
  return file;
}

const triage = (file: string, ...args: string[]): Promise<Finished> =>
  runKeyslice(['triage', file, '--engine', 'onnxruntime:cpu', '--json', ...args], { env });

interface Triaged {
  readonly selected: number[];
  readonly scores: (number | null)[];
  readonly warnings: { code: string }[];
}

async function triaged(file: string, ...args: string[]): Promise<Triaged> {
  const run = await triage(file, ...args);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  const { selected, scores, warnings } = run.json() as Record<string, unknown> & Triaged;
  expect(new Set(selected).size).toBe(selected.length);
  // What is no number would be null in JSON: only failed frames may be.
  for (const frame of selected) expect(scores[frame]).not.toBeNull();
  return { selected, scores, warnings };
}

const noise = (): number => 200 * random();

describe('a series of unusual pixels, through the command line', () => {
  it('with pixels that are no numbers is ranked by the others', async () => {
    const value = (_: number, pixel: number): number =>
      pixel % 5 === 0 ? NaN : pixel % 7 === 0 ? Infinity : noise();
    const { scores, selected } = await triaged(write('spoilt', { type: 'float32', frames: 8, value }));
    expect(scores).not.toContain(null);
    expect(selected).toHaveLength(4);
  });

  it('with frames that hold no number leaves these out, with a warning', async () => {
    const value = (t: number): number => (t === 2 || t === 5 ? NaN : noise());
    const { scores, selected, warnings } = await triaged(
      write('gaps', { type: 'float32', frames: 8, value }),
    );
    expect(scores.flatMap((score, frame) => (score === null ? [frame] : []))).toEqual([2, 5]);
    expect(selected).toHaveLength(4);
    expect(warnings.map(({ code }) => code)).toContain('FRAMES_FAILED');
  });

  it('without any number is FRAME_FAILED', async () => {
    const run = await triage(write('nothing', { type: 'float32', frames: 4, value: () => NaN }));
    expect([run.code, errorCode(run)]).toEqual([1, 'FRAME_FAILED']);
  });

  it('that is black is kept evenly', async () => {
    const file = write('black', { type: 'uint8', frames: 8, value: () => 0 });
    expect((await triaged(file, '--k', '2')).selected).toEqual([2, 6]);
  });

  it('in colours is ranked', async () => {
    const value = (t: number): number => Math.floor(noise() * (1 + (t % 3))) % 256;
    const { selected } = await triaged(write('colours', { type: 'rgb24', frames: 6, value }));
    expect(selected).toHaveLength(3);
  });

  it('of 10,000 frames is ranked', { timeout: 240_000 }, async () => {
    const value = (t: number, pixel: number): number => (t + pixel * (t % 7)) % 251;
    const file = write('long', { type: 'uint8', frames: 10_000, value });
    const { scores, selected } = await triaged(file, '--k', '200');
    expect(scores).toHaveLength(10_000);
    expect(selected).toHaveLength(200);
  });
});

it('a package of a newer schema is refused by name, and passed over otherwise', async () => {
  const folder = writePackage(join(root, 'data', 'keyslice', 'models'), fixtureCard('future'));
  writeFileSync(join(folder, 'card.json'), JSON.stringify({ ...fixtureCard('future'), schema: 2 }));
  const file = write('plain', { type: 'uint8', frames: 6, value: noise });
  const refused = await triage(file, '--model', 'future');
  expect([refused.code, errorCode(refused)]).toEqual([1, 'PACKAGE_INVALID']);
  expect(refused.stdout).toContain('it needs a newer Keyslice');
  expect((await triaged(file)).selected).toHaveLength(3);
});
