import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { openRegular } from '../../../../src/imaging/scan/openFile.ts';
import { ctSlice, writeCtSeries } from '../../../fixtures/ctSlice.ts';
import { dicomFile } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

/** Between the scan and the drive: what is asked of the drive at the same time, and what it answers. */
const drive = vi.hoisted(() => ({
  atOnce: new Map<string, number>(),
  most: new Map<string, number>(),
  before: null as ((name: string, path: string) => void) | null,
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>();
  const counted = <Answer>(name: string, path: unknown, answer: () => Promise<Answer>): Promise<Answer> => {
    const now = (drive.atOnce.get(name) ?? 0) + 1;
    drive.atOnce.set(name, now);
    drive.most.set(name, Math.max(now, drive.most.get(name) ?? 0));
    // A drive that answers late: everything else that is ready to ask asks first.
    const late = async (): Promise<Answer> => {
      for (let turn = 0; turn < 20; turn++) await setImmediate();
      drive.before?.(name, String(path));
      return await answer();
    };
    return late().finally(() => drive.atOnce.set(name, (drive.atOnce.get(name) ?? 0) - 1));
  };
  return {
    ...real,
    open: (...args: Parameters<typeof FileSystem.open>) => counted('open', args[0], () => real.open(...args)),
    readdir: (path: string) => counted('readdir', path, () => real.readdir(path, { withFileTypes: true })),
    realpath: (path: string) => counted('realpath', path, () => real.realpath(path)),
  };
});

const hasPipes = process.platform !== 'win32';
if (!hasPipes) console.log('skipped: pipes and devices: this system has none in its folders');

const root = temporaryFolder();
const caseFolder = (): string => mkdtempSync(join(root, 'case-'));
const slice = (index: number): Uint8Array => dicomFile(ctSlice({ index }));

afterEach(() => {
  drive.most.clear();
  drive.before = null;
});

describe('a scan of a drive that answers late', () => {
  it('waits for many files at once, and for no more than that', async () => {
    const folder = caseFolder();
    writeCtSeries(folder, 100);
    await readStudy(folder);
    expect(drive.most.get('open')).toBe(32);
  });

  it('waits for many folders at once', async () => {
    const folder = caseFolder();
    for (let index = 0; index < 50; index++) {
      mkdirSync(join(folder, `${index}`));
      writeFileSync(join(folder, `${index}`, 'im'), slice(index));
    }
    await readStudy(folder);
    expect([drive.most.get('readdir'), drive.most.get('realpath')]).toEqual([32, 32]);
  });
});

describe('a scan of odd things', () => {
  it.skipIf(!hasPipes)('opens no pipe, socket or device, wherever they are', async () => {
    const folder = caseFolder();
    writeFileSync(join(folder, 'im'), slice(0));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const server = createServer().listen(join(folder, 'socket'));
    symlinkSync('/dev/zero', join(folder, 'zero'));
    const opened: string[] = [];
    drive.before = (name, path) => {
      if (name === 'open') opened.push(relative(folder, path));
    };
    const { series } = await readStudy(folder);
    server.close();
    expect([series.length, opened]).toEqual([1, ['im']]);
    await expect(readStudy(join(folder, 'pipe'))).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it.skipIf(!hasPipes)('refuses a pipe that took the place of a file, and does not wait for it', async () => {
    const folder = caseFolder();
    writeFileSync(join(folder, 'im1'), slice(0));
    writeFileSync(join(folder, 'im2'), slice(1));
    drive.before = (name, path) => {
      if (name !== 'open' || !path.endsWith('im2')) return;
      unlinkSync(path);
      execFileSync('mkfifo', [path]);
    };
    const { series, failures } = await readStudy(folder);
    expect(series[0]?.frames).toHaveLength(1);
    expect(failures).toMatchObject([{ path: join(folder, 'im2'), code: 'FILE_UNREADABLE' }]);
    await expect(openRegular('/dev/zero')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('lists a file that was deleted on the way, one without permission, an empty one', async () => {
    const folder = caseFolder();
    ['im1', 'gone', 'secret'].forEach((name, index) => {
      writeFileSync(join(folder, name), slice(index));
    });
    writeFileSync(join(folder, 'empty'), '');
    drive.before = (name, path) => {
      if (name === 'open' && path.endsWith('gone')) rmSync(path);
      if (name === 'open' && path.endsWith('secret'))
        throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    };
    const { series, failures } = await readStudy(folder);
    expect(series[0]?.frames).toHaveLength(1);
    expect(failures.map(({ path, code }) => [relative(folder, path), code])).toEqual([
      ['empty', 'NOT_AN_IMAGE'],
      ['gone', 'PATH_NOT_FOUND'],
      ['secret', 'FILE_UNREADABLE'],
    ]);
  });

  it('lists a folder that may not be entered, and reads the others', async () => {
    const folder = caseFolder();
    for (const name of ['a', 'b']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'im'), slice(0));
    }
    drive.before = (name, path) => {
      if (name === 'readdir' && path.endsWith('a'))
        throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    const { series, failures } = await readStudy(folder);
    expect(series).toHaveLength(1);
    expect(failures).toMatchObject([{ path: join(folder, 'a'), code: 'FILE_UNREADABLE' }]);
  });

  it('reads odd names and folders as deep as the system allows', async () => {
    const folder = caseFolder();
    const names = [' ', 'a\nb', 'ä\u0308\u202e', '%00', '-rf', 'quote\'"', '測試.dcm', 'x'.repeat(255)];
    names.forEach((name, index) => {
      writeFileSync(join(folder, name), slice(index));
    });
    const deep = join(folder, ...Array.from({ length: 300 }, () => 'deep'));
    mkdirSync(deep, { recursive: true });
    writeFileSync(join(deep, 'im'), slice(names.length));
    const { series, failures } = await readStudy(folder);
    expect([series[0]?.frames.length, failures]).toEqual([names.length + 1, []]);
  });

  it('enters a folder once, by its own name, however many links lead to it', async () => {
    const folder = caseFolder();
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'im'), slice(0));
    symlinkSync('real', join(folder, 'another'));
    symlinkSync('..', join(folder, 'real', 'up'));
    symlinkSync('circle', join(folder, 'circle'));
    const { series, failures } = await readStudy(folder);
    expect(series[0]?.files.map(({ path }) => relative(folder, path))).toEqual(['real/im']);
    expect(failures).toMatchObject([{ path: join(folder, 'circle'), code: 'FILE_UNREADABLE' }]);
  });
});
