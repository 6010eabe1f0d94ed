import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportTarget } from '../../../src/app/exportTarget.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

describe('exportTarget', () => {
  const folder = temporaryFolder();

  it('is the chosen folder when that is empty', async () => {
    mkdirSync(join(folder, 'empty'));
    expect(await exportTarget(join(folder, 'empty'))).toBe(join(folder, 'empty'));
  });

  it('is a new folder inside one that holds anything, numbered from the second on', async () => {
    const desk = join(folder, 'desk');
    mkdirSync(desk);
    writeFileSync(join(desk, 'letter.txt'), '');
    expect(await exportTarget(desk)).toBe(join(desk, 'keyslice-export'));
    mkdirSync(join(desk, 'keyslice-export'));
    expect(await exportTarget(desk)).toBe(join(desk, 'keyslice-export-2'));
  });

  it('refuses a folder that cannot be listed', async () => {
    await expect(exportTarget(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'TARGET_NOT_WRITABLE',
    });
  });
});
