import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JsonFile } from '../../../src/app/jsonFile.ts';

describe('JsonFile', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'keyslice-json-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const schema = z.strictObject({ count: z.int() });
  const open = (): JsonFile<{ count: number }> =>
    new JsonFile(path.join(folder, 'deep', 'f.json'), schema, { count: 0 });

  it('reads what was written, and the empty value before', async () => {
    const damaged: string[] = [];
    expect(await open().read((file) => damaged.push(file))).toEqual({ count: 0 });
    await open().write({ count: 3 });
    expect(await open().read((file) => damaged.push(file))).toEqual({ count: 3 });
    expect(damaged).toEqual([]);
    expect(await readdir(path.join(folder, 'deep'))).toEqual(['f.json']);
  });

  it('falls back to the last good copy when the file is damaged, and says so', async () => {
    const file = open();
    await file.write({ count: 1 });
    await file.write({ count: 2 });
    await writeFile(path.join(folder, 'deep', 'f.json'), '{"count": "many"');
    const damaged: string[] = [];
    expect(await file.read((name) => damaged.push(path.basename(name)))).toEqual({ count: 1 });
    expect(damaged).toEqual(['f.json']);
  });

  it('writes one after the other, the last one wins', async () => {
    const file = open();
    await Promise.all([1, 2, 3, 4].map((count) => file.write({ count })));
    expect(JSON.parse(await readFile(path.join(folder, 'deep', 'f.json'), 'utf8'))).toEqual({ count: 4 });
  });

  it('reports a folder that cannot be made with a code', async () => {
    await writeFile(path.join(folder, 'deep'), 'a file stands in the way');
    await expect(open().write({ count: 1 })).rejects.toMatchObject({ code: 'TARGET_NOT_WRITABLE' });
  });
});
