import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ctSlice } from '../../fixtures/ctSlice.ts';
import { dicomFile } from '../../fixtures/dicomFile.ts';
import { zipFile } from '../../fixtures/zipFile.ts';
import { runKeyslice } from '../../support/runKeyslice.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const root = temporaryFolder();
const archive = join(root, 'study.zip');
const slices = Array.from({ length: 8 }, (_, index) => dicomFile(ctSlice({ index, rows: 32, columns: 32 })));
writeFileSync(
  archive,
  zipFile([
    ...slices.map((data, index) => ({ name: `ct/im${index}`, data })),
    { name: 'ct/notes.txt', data: Buffer.from('notes') },
    { name: 'ct/cut', data: slices[0]?.subarray(0, 900) ?? Buffer.alloc(0) },
  ]),
);

/** The system's folder for temporary files, as this run sees it. */
async function temporary(name: string): Promise<{ folder: string; env: Record<string, string> }> {
  const folder = join(root, name);
  await mkdir(folder);
  return { folder, env: { TMPDIR: folder, TEMP: folder, TMP: folder } };
}

/** Scratch folders; the engines leave files of their own there. */
const scratchIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith('keyslice-'));

describe('a ZIP archive on the command line', () => {
  it('is described, and its frames and failures go by their place in it', async () => {
    const { folder, env } = await temporary('info');
    const info = (await runKeyslice(['info', archive, '--json'], { env })).json();
    expect(info).toMatchObject({
      series: [{ frames: 8, kind: 'volume' }],
      failures: [
        { path: `${archive}/ct/cut`, code: 'FILE_TRUNCATED' },
        { path: `${archive}/ct/notes.txt`, code: 'NOT_AN_IMAGE' },
      ],
    });
    const frame = (await runKeyslice(['frame', archive, '--frame', '2', '--json'], { env })).json();
    expect(frame).toMatchObject({ path: `${archive}/ct/im2`, rows: 32 });
    expect(scratchIn(folder)).toEqual([]);
  });

  it('is exported, with its members as the sources', async () => {
    const { folder, env } = await temporary('export');
    const out = join(root, 'out');
    const { code } = await runKeyslice(['export', archive, '--out', out, '--k', '2', '--json'], { env });
    expect(code).toBe(0);
    const triage: unknown = JSON.parse(readFileSync(join(out, 'triage.json'), 'utf8'));
    expect(triage).toMatchObject({
      sources: slices.map((data, index) => ({ path: `study.zip/ct/im${index}`, bytes: data.length })),
    });
    expect(scratchIn(folder)).toEqual([]);
  });
});
