import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { medmnistFolders, readMedmnist } from '../../../../src/ml/training/medmnist.ts';
import { readNpy } from '../../../../src/ml/training/npy.ts';
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

  it('with another MD5 than the published one give DATA_INVALID', async () => {
    const place = join(folder, 'changed');
    mkdirSync(place);
    writeFileSync(join(place, 'adrenalmnist3d.npz'), 'not the published file');
    await expect(readMedmnist('medmnist:adrenal:28', [place])).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining('MD5') as string,
    });
  });
});
