import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice } from '../../../fixtures/ctSlice.ts';
import { dicomDirectory, type DirectoryRecord } from '../../../fixtures/dicomDirectory.ts';
import { dicomFile } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const root = temporaryFolder();

/** A medium with CT slices at these paths and a DICOMDIR of these records. */
function medium(files: readonly string[], records: readonly DirectoryRecord[]): string {
  const folder = mkdtempSync(join(root, 'medium-'));
  files.forEach((file, index) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), dicomFile(ctSlice({ index })));
  });
  writeFileSync(join(folder, 'DICOMDIR'), dicomDirectory(records));
  return folder;
}

async function openIndex(folder: string): Promise<{ opened: string[]; failed: string[][] }> {
  const { series, failures } = await readStudy(join(folder, 'DICOMDIR'));
  return {
    opened: series.flatMap(({ files }) => files.map(({ path }) => relative(folder, path))),
    failed: failures.map(({ path, code }) => [relative(folder, path), code]),
  };
}

describe('a DICOMDIR', () => {
  it('opens as the files that it names, and no others', async () => {
    const folder = medium(
      ['IMAGES/A/IM1', 'IMAGES/A/IM2', 'IM3'],
      [
        { type: 'PATIENT' },
        { type: 'STUDY' },
        { type: 'SERIES' },
        { file: ['IMAGES', 'A', 'IM1'] },
        { file: ['IMAGES', 'A', 'IM2'] },
        { file: ['IMAGES', 'A', 'IM2'] },
      ],
    );
    expect(await openIndex(folder)).toEqual({ opened: ['IMAGES/A/IM1', 'IMAGES/A/IM2'], failed: [] });
  });

  it('names the file of a record that claims more bytes than there are', async () => {
    const folder = medium(['IM1', 'IM2'], [{ file: ['IM1'] }, { file: ['IM2'] }]);
    const index = readFileSync(join(folder, 'DICOMDIR'));
    const item = index.lastIndexOf(Buffer.from('feff00e0', 'hex'));
    index.writeUInt32LE(index.readUInt32LE(item + 4) + 24, item + 4);
    writeFileSync(join(folder, 'DICOMDIR'), index);
    expect(await openIndex(folder)).toEqual({ opened: ['IM1', 'IM2'], failed: [] });
  });

  it('in a folder is no failure, and the folder is read as any other', async () => {
    const folder = medium(['IM1', 'IM2'], [{ file: ['IM1'] }]);
    const { series, failures } = await readStudy(folder);
    expect([series[0]?.files.length, failures]).toEqual([2, []]);
  });

  it('finds files in another case, with the usual ending, or with a version', async () => {
    const folder = medium(
      ['images/im1.dcm', 'IMAGES2/IM2;1', 'IM3.DCM', 'IM4'],
      [{ file: ['IMAGES', 'IM1'] }, { file: ['IMAGES2', 'IM2'] }, { file: ['IM3'] }, { file: ['IM4.dcm'] }],
    );
    expect(await openIndex(folder)).toEqual({
      opened: ['images/im1.dcm', 'IMAGES2/IM2;1', 'IM3.DCM', 'IM4'],
      failed: [],
    });
  });

  it('lists each file that is not there', async () => {
    const folder = medium(['IM1'], [{ file: ['IM1'] }, { file: ['IM2'] }, { file: ['NO', 'IM3'] }]);
    expect(await openIndex(folder)).toEqual({
      opened: ['IM1'],
      failed: [
        ['IM2', 'PATH_NOT_FOUND'],
        ['NO/IM3', 'PATH_NOT_FOUND'],
      ],
    });
    const empty = medium([], [{ file: ['IM1'] }]);
    await expect(readStudy(join(empty, 'DICOMDIR'))).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
    await expect(readStudy(join(medium([], []), 'DICOMDIR'))).rejects.toMatchObject({ code: 'NO_IMAGES' });
  });

  it.each([
    ['climbs', ['..', 'outside.dcm'], '%2E%2E/outside.dcm'],
    ['climbs with another separator', 'x/../../outside.dcm', 'x/%2E%2E/%2E%2E/outside.dcm'],
    ['starts at the root', '\\outside.dcm', 'outside.dcm'],
    ['starts at the root with another separator', '/etc/passwd', 'etc/passwd'],
    ['names a drive', ['C:', 'outside.dcm'], 'C%3A/outside.dcm'],
    ['names a computer', '\\\\host\\share\\outside.dcm', 'host/share/outside.dcm'],
    ['goes out over a link', ['link', 'outside.dcm'], 'link/outside.dcm'],
    ['is a link that leads out', ['linked'], 'linked'],
  ])('refuses and lists a name that %s', async (_, file, shown) => {
    const folder = medium(['IM1'], [{ file: ['IM1'] }, { file }]);
    const outside = mkdtempSync(join(root, 'outside-'));
    for (const path of [join(outside, 'outside.dcm'), join(root, 'outside.dcm')])
      writeFileSync(path, dicomFile(ctSlice({ index: 7 })));
    symlinkSync(outside, join(folder, 'link'));
    symlinkSync(join(outside, 'outside.dcm'), join(folder, 'linked'));
    expect(await openIndex(folder)).toEqual({ opened: ['IM1'], failed: [[shown, 'REFERENCE_REFUSED']] });
  });

  it('reads each record once, wherever its offsets lead', async () => {
    const folder = medium(
      ['IM1', 'IM2'],
      [{ file: ['IM1'], next: 372 }, { file: ['IM2'], next: 372 }, { file: ['DICOMDIR'] }],
    );
    expect(await openIndex(folder)).toEqual({ opened: ['IM1', 'IM2'], failed: [] });
  });

  it('leaves out records that are no longer in use', async () => {
    const folder = medium(['IM1', 'IM2'], [{ file: ['IM1'] }, { file: ['IM2'], inUse: false }]);
    expect((await openIndex(folder)).opened).toEqual(['IM1']);
  });

  it('that is cut off gives what is left of it, or why not', async () => {
    const whole = dicomDirectory([{ file: ['IM1'] }, { file: ['IM2'] }]);
    const folder = medium(['IM1', 'IM2'], []);
    const codes = new Set<string>();
    for (let length = 140; length < whole.length; length += 13) {
      writeFileSync(join(folder, 'DICOMDIR'), whole.subarray(0, length));
      const outcome: unknown = await openIndex(folder).catch((thrown: unknown) => thrown);
      codes.add(outcome instanceof Error && 'code' in outcome ? String(outcome.code) : 'opened');
    }
    expect(codes).not.toContain('INTERNAL');
    expect(codes).toContain('FILE_TRUNCATED');
  });
});
