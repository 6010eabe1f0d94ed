import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportTransaction } from '../../../src/export/exportTransaction.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'keyslice-transaction-'));
  await mkdir(join(root, 'source/inner'), { recursive: true });
  await writeFile(join(root, 'source/image.dcm'), 'source');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const options = (overwrite = false) => ({ sourcePaths: [join(root, 'source')], overwrite });
const writeOne = (text: string) => async (folder: string) => {
  await writeFile(join(folder, 'a.txt'), text);
  return text;
};
const nothing = () => Promise.resolve();
const failWith = (code: string) => (): Promise<never> =>
  Promise.reject(Object.assign(new Error(code), { code }));

describe('exportTransaction', () => {
  it('puts the folder in place with one rename and leaves nothing else', async () => {
    let temporary = '';
    const result = await exportTransaction(
      join(root, 'out'),
      options(),
      async (folder) => {
        temporary = folder;
        expect(await readdir(root)).not.toContain('out');
        return writeOne('new')(folder);
      },
      async (folder) => {
        expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('new');
      },
    );
    expect(result).toBe('new');
    expect(await readdir(root)).toEqual(['out', 'source']);
    await expect(stat(temporary)).rejects.toThrow('ENOENT');
  });

  it('makes missing parents, and takes them away again after a failure', async () => {
    const target = join(root, 'a/b/out');
    await expect(exportTransaction(target, options(), failWith('ENOSPC'), nothing)).rejects.toMatchObject({
      code: 'TARGET_NOT_WRITABLE',
      facts: { reason: 'the drive is full' },
    });
    expect(await readdir(root)).toEqual(['source']);
    await exportTransaction(target, options(), writeOne('x'), nothing);
    expect(await readdir(target)).toEqual(['a.txt']);
  });

  it('keeps an existing folder as it was when verification fails or the work is cancelled', async () => {
    const target = join(root, 'out');
    await mkdir(target);
    await writeFile(join(target, 'old.txt'), 'old');
    await expect(
      exportTransaction(target, options(true), writeOne('new'), failWith('EIO')),
    ).rejects.toMatchObject({ code: 'TARGET_NOT_WRITABLE' });
    const abort = new AbortController();
    const cancelling = () => {
      abort.abort();
      return Promise.resolve();
    };
    await expect(
      exportTransaction(target, { ...options(true), signal: abort.signal }, writeOne('new'), cancelling),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(root)).toEqual(['out', 'source']);
    expect(await readdir(target)).toEqual(['old.txt']);
  });

  it('replaces a folder only when it may', async () => {
    const target = join(root, 'out');
    await mkdir(target);
    await exportTransaction(target, options(), writeOne('1'), nothing);
    await expect(exportTransaction(target, options(), writeOne('2'), nothing)).rejects.toMatchObject({
      code: 'TARGET_NOT_EMPTY',
    });
    expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe('1');
    await exportTransaction(target, options(true), writeOne('2'), nothing);
    expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe('2');
    expect(await readdir(root)).toEqual(['out', 'source']);
  });

  it.each([
    ['the source itself', 'source'],
    ['a folder in it', 'source/inner'],
    ['a folder in it that is not there yet', 'source/inner/x/y'],
    ['a detour', 'source/inner/../../source/new'],
    ['a link to it', 'link'],
    ['a new folder behind a link', 'link/new'],
    ['a folder that holds the source', '.'],
  ])('refuses %s, with --overwrite too', async (_, target) => {
    await symlink(join(root, 'source'), join(root, 'link'));
    await expect(
      exportTransaction(join(root, target), options(true), writeOne('x'), nothing),
    ).rejects.toMatchObject({ code: 'TARGET_INSIDE_SOURCE' });
    expect(await readdir(join(root, 'source'))).toEqual(['image.dcm', 'inner']);
  });

  it('allows a folder beside a single source file', async () => {
    const single = { sourcePaths: [join(root, 'source/image.dcm')], overwrite: false };
    await exportTransaction(join(root, 'source/out'), single, writeOne('x'), nothing);
    expect(await readdir(join(root, 'source'))).toEqual(['image.dcm', 'inner', 'out']);
  });

  it('refuses a file and a path below a file', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    for (const target of [file, join(file, 'out')]) {
      await expect(exportTransaction(target, options(true), writeOne('x'), nothing)).rejects.toMatchObject({
        code: 'TARGET_NOT_WRITABLE',
        facts: { reason: 'it is not a folder' },
      });
    }
  });

  it('never replaces a folder that holds the working folder', async () => {
    await expect(
      exportTransaction(process.cwd(), options(true), writeOne('x'), nothing),
    ).rejects.toMatchObject({ code: 'TARGET_NOT_WRITABLE' });
  });

  it('passes faults of ours on as they are', async () => {
    const fault = (): Promise<never> => Promise.reject(new TypeError('fault'));
    await expect(exportTransaction(join(root, 'out'), options(), fault, nothing)).rejects.toThrow(TypeError);
    expect(await readdir(root)).toEqual(['source']);
  });
});
