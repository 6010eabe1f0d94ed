import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { medmnistFolders, readMedmnist } from '../../../../src/ml/training/medmnist.ts';
import { MEDMNIST_SETS, OLDER_MEDMNIST } from '../../../../src/ml/training/medmnistSets.ts';
import { readNpy } from '../../../../src/ml/training/npy.ts';
import { sharedData } from '../../../support/sharedData.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const folder = temporaryFolder();

function npy(header: string, data: readonly number[], version = 1): Uint8Array {
  const text = new TextEncoder().encode(header);
  const prefix = Uint8Array.of(
    0x93,
    ...new TextEncoder().encode('NUMPY'),
    version,
    0,
    text.length & 255,
    text.length >> 8,
  );
  return Uint8Array.from([...prefix, ...text, ...data]);
}

describe('.npy members', () => {
  const header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }\n";

  it('read as shape and bytes', () => {
    expect(readNpy(npy(header, [1, 2, 3, 4, 5, 6]))).toEqual({
      shape: [2, 3],
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
    });
  });

  it.each([
    ['a shape that lies', npy(header, [1, 2, 3])],
    ['another type', npy(header.replace('|u1', '<f4'), [1, 2, 3, 4, 5, 6])],
    ['Fortran order', npy(header.replace('False', 'True'), [1, 2, 3, 4, 5, 6])],
    ['another version', npy(header, [1, 2, 3, 4, 5, 6], 3)],
    ['nothing', new Uint8Array()],
    ['a header that is cut off', npy(header, []).subarray(0, 30)],
  ])('are refused with %s', (_, file) => {
    expect(() => readNpy(file)).toThrow(RangeError);
  });
});

describe('MedMNIST sets', () => {
  it('are looked for where the person says first', () => {
    expect(medmnistFolders('/data', ['/more'])[0]).toBe('/data');
    expect(medmnistFolders('/data', ['/more']).at(-1)).toBe('/more');
  });

  it('that are nowhere give DATA_NOT_FOUND', async () => {
    await expect(readMedmnist('medmnist:vessel:64', [folder])).rejects.toMatchObject({
      code: 'DATA_NOT_FOUND',
    });
  });

  it.each([
    'medmnist:liver:28',
    'medmnist:adrenal:32',
    'mnist:adrenal:28',
    'medmnist:constructor:28',
    'medmnist',
  ])('that do not exist give DATA_INVALID: %s', async (spec) => {
    await expect(readMedmnist(spec, [folder])).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });

  const zip = zipSync({ 'train_images.npy': new Uint8Array(64) });

  it.each([
    ['no archive', Buffer.from('not the published file'), 'no .npz archive'],
    ['a truncated one', zip.subarray(0, zip.length - 30), `ends too early, after ${zip.length - 30} bytes`],
    ['another archive', zip, 'as published'],
    ['an empty file', new Uint8Array(), 'no .npz archive'],
  ])('that are %s give DATA_INVALID with what is wrong', async (what, content, reason) => {
    const place = join(folder, what);
    mkdirSync(place);
    writeFileSync(join(place, 'adrenalmnist3d.npz'), content);
    await expect(readMedmnist('medmnist:adrenal:28', [place])).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('of all six sets are known at 28 and 64, by sums that differ from those of older releases', () => {
    const sums = Object.values(MEDMNIST_SETS).flatMap(({ md5 }) => [md5[28], md5[64]]);
    expect(Object.keys(MEDMNIST_SETS)).toHaveLength(6);
    expect(new Set(sums).size).toBe(12);
    for (const sum of [...sums, ...Object.keys(OLDER_MEDMNIST)]) expect(sum).toMatch(/^[0-9a-f]{32}$/);
    for (const older of Object.keys(OLDER_MEDMNIST)) expect(sums).not.toContain(older);
  });

  it('under the name of another are recognised', async () => {
    const source = sharedData('medmnist3d/vesselmnist3d.npz');
    if (source === null) {
      console.log('skipped: the shared data are not there');
      return;
    }
    const place = join(folder, 'mistaken');
    mkdirSync(place);
    copyFileSync(source, join(place, 'adrenalmnist3d.npz'));
    await expect(readMedmnist('medmnist:adrenal:28', [place])).rejects.toMatchObject({
      message: expect.stringContaining('the file is medmnist:vessel:28') as string,
    });
  });
});
