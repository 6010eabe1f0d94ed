import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Study } from '../../../../src/contract/series.ts';
import { shownPath } from '../../../../src/contract/shownPath.ts';
import { memorySource } from '../../../../src/imaging/scan/byteSource.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { UnpackSpace } from '../../../../src/imaging/scan/unpackSpace.ts';
import { unpackZip } from '../../../../src/imaging/scan/unpackZip.ts';
import { ctSlice } from '../../../fixtures/ctSlice.ts';
import { dicomFile } from '../../../fixtures/dicomFile.ts';
import { NIFTI_TYPES, niftiFile } from '../../../fixtures/niftiFile.ts';
import { zipFile, type ZipFileOptions, type ZipMemberOptions } from '../../../fixtures/zipFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';
import { testScratch } from '../../../support/testScratch.ts';

const root = temporaryFolder();
const slice = (index: number): Uint8Array => dicomFile(ctSlice({ index }));
const text = (value: string): Uint8Array => Buffer.from(value);
const [datatype, bitsPerVoxel] = NIFTI_TYPES.uint8;
const shape = { dims: [4, 3, 2], datatype, bitsPerVoxel };
const volume = (): Uint8Array => niftiFile({ ...shape, data: new Uint8Array(24).fill(7) });

interface Opened {
  study: Study;
  /** Folder of the case, with the archive `a.zip` in it. */
  folder: string;
  shown: string[];
  failed: [path: string, code: string][];
}

/** Opens `a.zip` with these bytes from a folder of its own. */
async function openBytes(bytes: Uint8Array, signal?: AbortSignal): Promise<Opened> {
  const folder = mkdtempSync(join(root, 'case-'));
  const path = join(folder, 'a.zip');
  writeFileSync(path, bytes);
  const options = { scratch: testScratch(folder), ...(signal === undefined ? {} : { signal }) };
  const study = await readStudy(path, options);
  const files = study.series.flatMap((series) => series.files);
  return {
    study,
    folder,
    shown: files.map((file) => relative(folder, shownPath(file))),
    failed: study.failures.map((each) => [relative(folder, each.path), each.code]),
  };
}

const open = (members: readonly ZipMemberOptions[], options?: ZipFileOptions): Promise<Opened> =>
  openBytes(zipFile(members, options));

describe('a ZIP archive', () => {
  it('opens like the folder that was packed, whatever way its members are packed', async () => {
    const { study, shown, failed } = await open([
      { name: 'series/1.dcm', data: slice(0), method: 'stored' },
      { name: 'series/2.dcm', data: slice(1) },
      { name: 'series/3.dcm', data: slice(2), descriptor: true },
      { name: 'series/4.dcm', data: slice(3), zip64: true },
    ]);
    expect(study.series).toMatchObject([{ framesPerPhase: 4, kind: 'volume' }]);
    expect(shown).toEqual(['1', '2', '3', '4'].map((name) => `a.zip/series/${name}.dcm`));
    expect(failed).toEqual([]);
  });

  it('in the form of ZIP64, and one inside a folder beside other files', async () => {
    const folder = mkdtempSync(join(root, 'case-'));
    mkdirSync(join(folder, 'sub'));
    const zip = zipFile([{ name: 'x', data: slice(1) }], { zip64: true });
    writeFileSync(join(folder, 'sub', 'half'), zip);
    writeFileSync(join(folder, 'im1'), slice(0));
    const { series } = await readStudy(folder, { scratch: testScratch(root) });
    expect(series).toMatchObject([{ framesPerPhase: 2 }]);
    expect(series[0]?.files.map((file) => relative(folder, shownPath(file)))).toEqual(['im1', 'sub/half/x']);
  });

  it('lists what is no image by its place in the archive, and unpacks none of it', async () => {
    const { folder, failed } = await open([
      { name: 'notes.txt', data: text('see series 2') },
      { name: 'sub/', data: text('') },
      { name: 'sub/empty', data: text('') },
      { name: 'im', data: slice(0) },
      { name: 'picture.png', data: Buffer.concat([text('\u0089PNG'), new Uint8Array(5000)]) },
    ]);
    expect(failed).toEqual([
      ['a.zip/notes.txt', 'NOT_AN_IMAGE'],
      ['a.zip/picture.png', 'NOT_AN_IMAGE'],
      ['a.zip/sub/empty', 'NOT_AN_IMAGE'],
    ]);
    const scratch = readdirSync(folder).find((name) => name.startsWith('scratch')) ?? '';
    expect(readdirSync(join(folder, scratch))).toHaveLength(1);
  });

  it('holds NIfTI volumes: plain, compressed, and as pairs', async () => {
    const header = niftiFile({ ...shape, data: new Uint8Array(24), pair: true });
    const { study, shown, failed } = await open([
      { name: 'v.nii', data: volume() },
      { name: 'w.nii.gz', data: gzipSync(volume()) },
      { name: 'Pair.IMG', data: new Uint8Array(24).fill(9) },
      { name: 'Pair.HDR', data: header },
    ]);
    expect(failed).toEqual([]);
    expect(study.series.map(({ id, patientLabel }) => [basename(id), patientLabel])).toEqual([
      ['v.nii', 'v.nii'],
      ['w.nii.gz', 'w.nii.gz'],
      ['Pair.HDR', 'Pair.HDR'],
    ]);
    expect(shown.slice(2)).toEqual(['a.zip/Pair.HDR', 'a.zip/Pair.img']);
  });

  it('may hold an archive, which may not hold one', async () => {
    const inner = zipFile([{ name: 'im', data: slice(0) }]);
    const { shown } = await open([{ name: 'b.zip', data: inner }]);
    expect(shown).toEqual(['a.zip/b.zip/im']);
    const nested = zipFile([{ name: 'c.zip', data: zipFile([{ name: 'b.zip', data: inner }]) }]);
    await expect(openBytes(nested)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('leaves out the DICOMDIR that was packed with its files', async () => {
    const index = dicomFile({ '00080016': ['UI', '1.2.840.10008.1.3.10'], '00041220': ['SQ', []] });
    const { shown, failed } = await open([
      { name: 'DICOMDIR', data: index },
      { name: 'IM1', data: slice(0) },
    ]);
    expect([shown, failed]).toEqual([['a.zip/IM1'], []]);
  });

  it('without scratch space is no image', async () => {
    const folder = mkdtempSync(join(root, 'case-'));
    writeFileSync(join(folder, 'a.zip'), zipFile([{ name: 'im', data: slice(0) }]));
    await expect(readStudy(join(folder, 'a.zip'))).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' });
  });

  it('without images says so', async () => {
    await expect(open([])).rejects.toMatchObject({ code: 'NO_IMAGES' });
    const texts = ['a', 'b'].map((name) => ({ name, data: text(name) }));
    await expect(open(texts)).rejects.toMatchObject({ code: 'NO_IMAGES' });
  });

  it('stops in the middle when it is cancelled', async () => {
    const members = Array.from({ length: 40 }, (_, index) => ({ name: `${index}`, data: slice(index) }));
    const folder = mkdtempSync(join(root, 'case-'));
    const controller = new AbortController();
    let done = 0;
    const unpacked = unpackZip(
      { source: memorySource(zipFile(members)), shownPath: 'a.zip', depth: 0 },
      {
        space: new UnpackSpace(testScratch(folder)),
        signal: controller.signal,
        onMembers: () => undefined,
        onMember: () => {
          if (++done === 10) controller.abort();
        },
      },
    );
    await expect(unpacked).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(done).toBeLessThan(20);
  });
});

describe('a hostile ZIP archive', () => {
  it('writes nowhere but into scratch space, and its names stay recognisable', async () => {
    const names = [
      '../../outside.dcm',
      '/etc/outside.dcm',
      'C:\\outside.dcm',
      '\\\\host\\share\\outside.dcm',
      'a\0b\nc',
      'gnp.\u202emcd',
      'twice',
      'twice',
    ];
    const { folder, shown, failed } = await open(
      names.map((name, index) => ({ name, data: slice(index), method: 'stored' as const })),
    );
    expect(failed).toEqual([]);
    expect(shown.sort()).toEqual(
      [
        'a.zip/%2E%2E/%2E%2E/outside.dcm',
        'a.zip/etc/outside.dcm',
        'a.zip/C%3A/outside.dcm',
        'a.zip/host/share/outside.dcm',
        'a.zip/a%00b%0Ac',
        'a.zip/gnp.%E2%80%AEmcd',
        'a.zip/twice',
        'a.zip/twice (2)',
      ].sort(),
    );
    const [scratch = '', ...others] = readdirSync(folder).filter((name) => name !== 'a.zip');
    expect(others).toEqual([]);
    expect(readdirSync(join(folder, scratch)).sort()).toEqual(names.map((_, index) => String(index)));
  });

  it.each<[string, Partial<ZipMemberOptions>, string]>([
    ['a link', { data: text('/etc/passwd'), unixMode: 0o120777 }, 'NOT_AN_IMAGE'],
    ['an encrypted member', { flags: 1 }, 'FILE_ENCRYPTED'],
    ['a method that nobody knows', { claim: { method: 99 } }, 'FILE_UNREADABLE'],
    ['a size that DEFLATE cannot reach', { claim: { bytes: 2 ** 31 } }, 'LIMIT_EXCEEDED'],
    [
      'a stored member that claims to be larger',
      { method: 'stored', claim: { bytes: 2 ** 20 } },
      'LIMIT_EXCEEDED',
    ],
    ['more bytes than announced', { claim: { bytes: 300 } }, 'FILE_UNREADABLE'],
    ['fewer bytes than announced', { claim: { bytes: 3000 } }, 'FILE_TRUNCATED'],
    ['another checksum', { claim: { crc32: 1 } }, 'FILE_UNREADABLE'],
    ['a place where no member is', { claim: { offset: 7, compressedBytes: 0 } }, 'FILE_UNREADABLE'],
    ['compressed bytes that are none', { method: 'stored', claim: { method: 8 } }, 'FILE_UNREADABLE'],
  ])('%s costs itself alone', async (_, member, code) => {
    const { shown, failed, folder } = await open(
      [
        { name: 'bad', data: slice(5), ...member },
        {
          name: 'good',
          data: slice(0),
          ...(member.claim?.offset === undefined ? {} : { claim: { offset: 1246 } }),
        },
      ].slice(0, member.claim?.offset === undefined ? 2 : 1),
    ).catch((error: unknown) => {
      if (member.claim?.offset !== undefined) expect(error).toMatchObject({ code });
      else throw error;
      return { shown: ['a.zip/good'], failed: [['a.zip/bad', code]], folder: null };
    });
    expect([shown, failed]).toEqual([['a.zip/good'], [['a.zip/bad', code]]]);
    if (folder === null) return;
    const scratch = readdirSync(folder).find((name) => name.startsWith('scratch')) ?? '';
    expect(readdirSync(join(folder, scratch))).toEqual(['1']);
  });

  it('whose members share bytes is a bomb and is refused as a whole', async () => {
    const members = [0, 1, 2].map((index) => ({ name: `${index}`, data: slice(0), claim: { offset: 0 } }));
    await expect(open(members)).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('share bytes') as string,
    });
  });

  it('that expands beyond what may be unpacked stops before it does', async () => {
    const folder = mkdtempSync(join(root, 'case-'));
    const bomb = Buffer.concat([slice(0), new Uint8Array(4_000_000)]);
    const { files, failed } = await unpackZip(
      {
        source: memorySource(
          zipFile([
            { name: 'bomb', data: bomb },
            { name: 'im', data: slice(1) },
          ]),
        ),
        shownPath: 'a.zip',
        depth: 0,
      },
      {
        space: new UnpackSpace(testScratch(folder), 1_000_000),
        signal: undefined,
        onMembers: () => undefined,
        onMember: () => undefined,
      },
    );
    expect(files.map((file) => file.shownPath)).toEqual(['a.zip/im']);
    expect(failed).toMatchObject([{ shownPath: 'a.zip/bomb', error: { code: 'LIMIT_EXCEEDED' } }]);
    expect(files.map(({ path }) => statSync(path).size)).toEqual([slice(1).length]);
  });

  it('that claims more members than it has gives those that it has', async () => {
    const { shown, failed } = await open([{ name: 'im', data: slice(0) }], { claimedMembers: 3 });
    expect(shown).toEqual(['a.zip/im']);
    expect(failed).toEqual([['a.zip', 'FILE_UNREADABLE']]);
  });

  it('that claims too many members is refused', async () => {
    const huge = zipFile([{ name: 'im', data: slice(0) }], { zip64: true, claimedMembers: 100_001 });
    await expect(openBytes(huge)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('cut off anywhere, or with bytes changed anywhere, gives coded errors', async () => {
    const whole = zipFile([
      { name: 'a/1', data: slice(0), zip64: true },
      { name: 'a/2', data: slice(1), descriptor: true },
    ]);
    const codes = new Set<string>();
    for (let at = 1; at < whole.length; at += 97) {
      const changed = Buffer.from(whole).fill(0xa5, at, at + 3);
      for (const bytes of [whole.subarray(0, at), changed]) {
        const outcome: unknown = await openBytes(bytes).catch((error: unknown) => error);
        codes.add(outcome instanceof Error && 'code' in outcome ? String(outcome.code) : 'opened');
      }
    }
    expect([...codes]).not.toContain('INTERNAL');
    expect([...codes]).toContain('opened');
    expect([...codes]).toContain('FILE_UNREADABLE');
  });
});

describe('a gzip file', () => {
  const openGzip = async (name: string, bytes: Uint8Array): Promise<Study> => {
    const folder = mkdtempSync(join(root, 'case-'));
    writeFileSync(join(folder, name), bytes);
    return readStudy(join(folder, name), { scratch: testScratch(folder) });
  };

  it('may hold a DICOM file, or an archive', async () => {
    const single = await openGzip('scan.dcm.gz', gzipSync(slice(0)));
    expect(single.series.flatMap(({ files }) => files.map((file) => basename(shownPath(file))))).toEqual([
      'scan.dcm',
    ]);
    const packed = await openGzip('a.zip.gz', gzipSync(zipFile([{ name: 'im', data: slice(0) }])));
    expect(packed.series).toHaveLength(1);
  });

  it('is known by its first bytes and not by its name', async () => {
    expect((await openGzip('volume.nii', gzipSync(volume()))).series).toHaveLength(1);
  });

  it('may have several members and something behind them', async () => {
    const plain = slice(0);
    const members = Buffer.concat([
      gzipSync(plain.subarray(0, 600)),
      gzipSync(plain.subarray(600)),
      text('behind'),
    ]);
    expect((await openGzip('im.gz', members)).series).toHaveLength(1);
  });

  it('that ends early or is damaged cannot be read', async () => {
    const whole = gzipSync(
      Buffer.concat([slice(0), Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * i * 7919) >> 5))]),
    );
    const damaged = Buffer.from(whole).fill(0xff, 3000, 3100);
    await expect(openGzip('im.gz', damaged)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    for (const missing of [1, 8, 20, 1000])
      await expect(openGzip('im.gz', whole.subarray(0, whole.length - missing))).rejects.toMatchObject({
        code: 'FILE_TRUNCATED',
      });
  });

  it('without an image is none', async () => {
    await expect(openGzip('notes.gz', gzipSync(text('notes')))).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
    });
  });
});
