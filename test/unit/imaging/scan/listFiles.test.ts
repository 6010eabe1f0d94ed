import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { listFiles } from '../../../../src/imaging/scan/listFiles.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const root = temporaryFolder();
const write = (name: string): void => {
  writeFileSync(join(root, name), name);
};
const names = (files: readonly string[]): string[] => files.map((file) => relative(root, file));

beforeAll(() => {
  mkdirSync(join(root, 'series', 'deep'), { recursive: true });
  ['im10.dcm', 'im2.dcm', 'series/deep/a', 'series/b'].forEach(write);
  symlinkSync('..', join(root, 'series', 'loop'));
  symlinkSync(join(root, 'im2.dcm'), join(root, 'link.dcm'));
  symlinkSync('nowhere', join(root, 'broken-link'));
});

describe('listFiles', () => {
  it('walks folders in natural order, follows links, and ends where they lead in a circle', async () => {
    const { files, single } = await listFiles(root);
    expect(single).toBe(false);
    expect(names(files)).toEqual(['im2.dcm', 'im10.dcm', 'link.dcm', 'series/b', 'series/deep/a']);
  });

  it('lists a link to nothing as a failure instead of losing it', async () => {
    const { failures } = await listFiles(root);
    expect(failures.map(({ path, code }) => [relative(root, path), code])).toEqual([
      ['broken-link', 'PATH_NOT_FOUND'],
    ]);
  });

  it('takes a file for itself', async () => {
    const path = join(root, 'im2.dcm');
    expect(await listFiles(path)).toMatchObject({ single: true, files: [path] });
  });

  it('says when there is nothing at the path, or when it was cancelled', async () => {
    await expect(listFiles(join(root, 'absent'))).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
    await expect(listFiles(join(root, 'im2.dcm', 'below'))).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
    await expect(listFiles(root, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});
