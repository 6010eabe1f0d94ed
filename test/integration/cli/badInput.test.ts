import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ctSlice, writeCtSeries } from '../../fixtures/ctSlice.ts';
import { dicomFile } from '../../fixtures/dicomFile.ts';
import { niftiFile } from '../../fixtures/niftiFile.ts';
import { errorCode, runKeyslice } from '../../support/runKeyslice.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const folder = temporaryFolder();
const inside = (...parts: string[]): string => join(folder, ...parts);

async function failsWith(code: string, args: readonly string[]): Promise<void> {
  const run = await runKeyslice([...args, '--json']);
  expect({ code: run.code, error: errorCode(run) }).toEqual({ code: 1, error: code });
}

const failuresOf = async (path: string): Promise<unknown> => {
  const { failures } = (await runKeyslice(['info', path, '--json'])).json();
  return (failures as { path: string; code: string }[]).map(({ path: file, code }) => [
    file.slice(path.length + 1),
    code,
  ]);
};

beforeAll(() => {
  writeCtSeries(inside('good'), 6, { rows: 16, columns: 16 });
});

describe('bad input on the command line', () => {
  it('a missing path', () => failsWith('PATH_NOT_FOUND', ['info', inside('nowhere')]));

  it('an empty folder', async () => {
    mkdirSync(inside('empty'));
    await failsWith('NO_IMAGES', ['info', inside('empty')]);
  });

  it('a folder without images', async () => {
    mkdirSync(inside('texts'));
    writeFileSync(inside('texts', 'notes.txt'), 'no image here');
    await failsWith('NO_IMAGES', ['info', inside('texts')]);
  });

  it('a truncated file among good ones is listed, the others open, --strict says so', async () => {
    writeCtSeries(inside('mixed'), 5, { rows: 16, columns: 16 });
    const [first = ''] = readdirSync(inside('mixed'));
    const whole = readFileSync(inside('mixed', first));
    writeFileSync(inside('mixed', first), whole.subarray(0, whole.length - 100));
    writeFileSync(inside('mixed', 'notes.txt'), 'text');
    expect(await failuresOf(inside('mixed'))).toEqual(
      expect.arrayContaining([
        [first, 'FILE_TRUNCATED'],
        ['notes.txt', 'NOT_AN_IMAGE'],
      ]),
    );
    const triage = await runKeyslice(['triage', inside('mixed'), '--k', '2', '--json', '--strict']);
    expect(triage.code).toBe(3);
    expect(triage.json()).toMatchObject({ series: { frames: 4 }, k: 2 });
  });

  it('an unknown transfer syntax is named by its UID', async () => {
    mkdirSync(inside('syntax'));
    const file = inside('syntax', 'x.dcm');
    writeFileSync(file, dicomFile(ctSlice(), { transferSyntax: '1.2.840.10008.1.2.4.110' }));
    const run = await runKeyslice(['info', file, '--json']);
    expect(errorCode(run)).toBe('TRANSFER_SYNTAX_UNSUPPORTED');
    expect(run.stdout).toContain('1.2.840.10008.1.2.4.110');
  });

  it('a NIfTI with a lying header', async () => {
    const file = inside('lying.nii');
    const bytes = niftiFile({ dims: [4, 4, 4], datatype: 2, bitsPerVoxel: 8, data: new Uint8Array(64) });
    new DataView(bytes.buffer, bytes.byteOffset).setInt16(40 + 2 * 3, 30_000, true);
    writeFileSync(file, bytes);
    const run = await runKeyslice(['info', file, '--json']);
    expect(['FILE_TRUNCATED', 'HEADER_INCONSISTENT']).toContain(errorCode(run));
  });

  it('k larger than the number of frames is clamped with a warning', async () => {
    const run = await runKeyslice(['triage', inside('good'), '--k', '40', '--json']);
    expect(run.code).toBe(0);
    const { k, selected, warnings } = run.json() as {
      k: number;
      selected: number[];
      warnings: { code: string }[];
    };
    expect(k).toBe(6);
    expect(selected).toEqual([0, 1, 2, 3, 4, 5]);
    expect(warnings.map(({ code }) => code)).toContain('K_CLAMPED');
  });

  it('one frame only', async () => {
    writeCtSeries(inside('single'), 1, { rows: 16, columns: 16 });
    const run = await runKeyslice(['triage', inside('single'), '--json']);
    expect(run.json()).toMatchObject({ k: 1, selected: [0], series: { frames: 1 } });
  });

  it('an export target that is not empty, inside the source, or not writable', async () => {
    const target = inside('full');
    mkdirSync(target);
    writeFileSync(join(target, 'mine.txt'), 'keep me');
    await failsWith('TARGET_NOT_EMPTY', ['export', inside('good'), '--out', target]);
    expect(readFileSync(join(target, 'mine.txt'), 'utf8')).toBe('keep me');
    await failsWith('TARGET_INSIDE_SOURCE', ['export', inside('good'), '--out', inside('good', 'out')]);
    writeFileSync(inside('file'), '');
    await failsWith('TARGET_NOT_WRITABLE', ['export', inside('good'), '--out', inside('file', 'out')]);
    expect(readdirSync(inside('good'))).toHaveLength(6);
  });

  it('an unreadable file is listed with its reason', async ({ skip }) => {
    if (process.getuid?.() === 0) skip('root reads every file');
    writeCtSeries(inside('locked'), 3, { rows: 16, columns: 16 });
    const [first = ''] = readdirSync(inside('locked'));
    chmodSync(inside('locked', first), 0);
    expect(await failuresOf(inside('locked'))).toEqual([[first, 'FILE_UNREADABLE']]);
  });

  it('a frame that does not exist', () =>
    failsWith('FRAME_OUT_OF_RANGE', ['frame', inside('good'), '--frame', '6']));

  it('a sampler without weights, an engine that is not there, a package that is not there', async () => {
    await failsWith('SAMPLER_NOT_APPLICABLE', ['triage', inside('good'), '--sampler', 'dps']);
    await failsWith('ENGINE_UNAVAILABLE', ['triage', inside('good'), '--engine', 'tensorflow']);
    await failsWith('PACKAGE_NOT_FOUND', ['triage', inside('good'), '--model', 'nobody']);
  });

  it('wrong usage exits with 2', async () => {
    expect((await runKeyslice(['triage'])).code).toBe(2);
    expect((await runKeyslice(['triage', inside('good'), '--ratio', '0'])).code).toBe(2);
    expect((await runKeyslice(['triage', inside('good'), '--k', '2', '--ratio', '0.5'])).code).toBe(2);
    expect((await runKeyslice(['dance'])).code).toBe(2);
    expect((await runKeyslice(['info', inside('good'), '--colour'])).code).toBe(2);
  });
});
