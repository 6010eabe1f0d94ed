import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../../src/contract/series.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { NIFTI_TYPES, niftiFile, type NiftiFileOptions } from '../../../fixtures/niftiFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const root = temporaryFolder();
const [INT16, BITS16] = NIFTI_TYPES.int16;

/** A 4 × 3 × 2 volume, RAS, 2 × 3 × 4 mm, unless the options say otherwise. */
const volume = (options: Partial<NiftiFileOptions> = {}): Uint8Array =>
  niftiFile({
    dims: [4, 3, 2],
    datatype: INT16,
    bitsPerVoxel: BITS16,
    data: new Int16Array(24),
    spacing: [2, 3, 4],
    sform: {
      code: 1,
      rows: [
        [2, 0, 0, -10],
        [0, 3, 0, 20],
        [0, 0, 4, 30],
      ],
    },
    ...options,
  });

async function read(bytes: Uint8Array, name = 'volume.nii'): Promise<Series> {
  const path = join(mkdtempSync(join(root, 'case-')), name);
  writeFileSync(path, bytes);
  const [series] = (await readStudy(path)).series;
  if (series === undefined) throw new Error('no series');
  return series;
}
const codes = ({ warnings }: Series): string[] => warnings.map(({ code }) => code);

describe('a NIfTI volume', () => {
  for (const version of [1, 2] as const) {
    for (const littleEndian of [true, false]) {
      for (const gzip of [false, true]) {
        const order = littleEndian ? 'little' : 'big';
        it(`of version ${version}, ${order} endian${gzip ? ', gzip' : ''}, lies where its sform says`, async () => {
          const series = await read(volume({ version, littleEndian, gzip }));
          expect(series).toMatchObject({
            format: 'nifti',
            kind: 'volume',
            modality: 'NIFTI',
            phases: 1,
            framesPerPhase: 2,
            pixelSpacing: [3, 2],
            transferSyntaxes: ['nifti'],
            warnings: [],
            geometry: {
              evenlySpaced: true,
              shearDegrees: 0,
              sliceSpacing: 4,
              affine: [
                [-2, 0, 0, 10],
                [0, -3, 0, -20],
                [0, 0, 4, 30],
                [0, 0, 0, 1],
              ],
            },
          });
          const offset = version === 1 ? 352 : 544;
          expect(series.frames[1]).toMatchObject({
            position: [10, -20, 34],
            orientation: [-1, 0, 0, 0, -1, 0],
            pixel: { rows: 3, columns: 4, signed: true, bitsAllocated: 16, littleEndian },
            source: { encoding: gzip ? 'gzip' : 'plain', ranges: [{ offset: offset + 24, length: 24 }] },
          });
        });
      }
    }
  }

  it('is known by its bytes, not by its name', async () => {
    expect((await read(volume({ gzip: true }), 'scan.dat')).format).toBe('nifti');
  });

  it('may be a pair, opened by either file; the folder holds one series', async () => {
    const folder = mkdtempSync(join(root, 'pair-'));
    writeFileSync(join(folder, 'v.hdr'), volume({ pair: true }));
    writeFileSync(join(folder, 'v.img'), new Int16Array(24));
    for (const path of [folder, join(folder, 'v.hdr'), join(folder, 'v.img')]) {
      const { series, failures } = await readStudy(path);
      expect(failures).toEqual([]);
      expect(series[0]?.frames[1]?.source).toMatchObject({
        path: join(folder, 'v.img'),
        ranges: [{ offset: 24, length: 24 }],
      });
      expect(series[0]?.files).toHaveLength(2);
    }
  });

  it('has its higher dimensions as phases, slice by slice', async () => {
    const series = await read(volume({ dims: [4, 3, 2, 3, 1, 2], data: new Int16Array(144) }));
    expect(series).toMatchObject({ phases: 6, framesPerPhase: 2 });
    expect(series.frames[3]?.position).toEqual([10, -20, 34]);
  });

  it('of one slice and many times is a loop', async () => {
    const series = await read(
      volume({ dims: [4, 3, 1, 5], data: new Int16Array(60), spacing: [2, 3, 4, 0.04] }),
    );
    expect(series).toMatchObject({
      kind: 'cine',
      phases: 1,
      framesPerPhase: 5,
      cine: { displayFps: expect.closeTo(25) as number },
    });
  });
});

describe('where a NIfTI volume lies', () => {
  it('is said by the quaternion (nifti1.h, method 2)', async () => {
    const half = Math.SQRT1_2;
    const series = await read(
      volume({ sform: undefined, qform: { code: 1, quaternion: [half, 0, 0], offset: [1, 2, 3], qfac: -1 } }),
    );
    // A quarter turn about x takes y to z and z to -y, and qfac turns the third axis round: it becomes +y.
    expect(series.geometry.affine?.map((row) => row.map((value) => Number(value.toFixed(4)) + 0))).toEqual([
      [-2, 0, 0, -1],
      [0, 0, -4, -2],
      [0, 3, 0, 3],
      [0, 0, 0, 1],
    ]);
  });

  it('is unknown with neither sform nor qform, and sizes are known all the same', async () => {
    const series = await read(volume({ sform: undefined }));
    expect(series.geometry).toMatchObject({ affine: null, sliceSpacing: 4 });
    expect(series.pixelSpacing).toEqual([3, 2]);
    expect(series.frames[0]).toMatchObject({ position: null, orientation: null });
    expect(codes(series)).toEqual(['GEOMETRY_UNKNOWN']);
  });

  it('follows the sform where the two differ, and says so', async () => {
    const series = await read(volume({ qform: { code: 2, quaternion: [0, 0, 0], offset: [99, 20, 30] } }));
    expect(series.geometry.affine?.[0][3]).toBe(10);
    expect(codes(series)).toEqual(['HEADER_QUESTIONABLE']);
  });

  it('follows the qform where the sform is singular', async () => {
    const zero = [0, 0, 0, 0];
    const sform = { code: 1, rows: [zero, zero, zero] as const };
    const series = await read(
      volume({ sform, qform: { code: 1, quaternion: [0, 0, 0], offset: [0, 0, 0] } }),
    );
    expect(series.geometry.affine?.[0]).toEqual([-2, 0, 0, 0]);
    expect(codes(series)).toEqual(['HEADER_QUESTIONABLE']);
  });

  it('keeps a shear of the slices, and knows no directions where rows and columns are not perpendicular', async () => {
    const sheared = [
      [2, 0, 0, 0],
      [0, 3, 4, 0],
      [0, 0, 4, 0],
    ] as const;
    const tilted = await read(volume({ sform: { code: 1, rows: sheared } }));
    expect(tilted.geometry.shearDegrees).toBeCloseTo(45, 6);
    expect(tilted.geometry.sliceSpacing).toBeCloseTo(4, 6);
    expect(codes(tilted)).toEqual(['GANTRY_TILT']);
    const skew = [[2, 1, 0, 0], sheared[1], sheared[2]] as const;
    const skewed = await read(volume({ sform: { code: 1, rows: skew } }));
    expect(skewed.frames[0]?.orientation).toBeNull();
    expect(codes(skewed)).toContain('GEOMETRY_UNKNOWN');
  });

  it.each([
    [1, 3000, 'NIfTI sform'],
    [3, 0.003, 'NIfTI sform'],
    [0, 3, 'NIfTI sform; the header names no unit, mm is assumed'],
  ])('is in the unit %i of the header', async (units, row, note) => {
    const series = await read(volume({ units }));
    expect(series.pixelSpacing?.[0]).toBeCloseTo(row, 6);
    expect(series.spacingNote).toBe(note);
  });
});

describe('the voxels of a NIfTI volume', () => {
  it.each([
    ['uint8', { bitsAllocated: 8, signed: false, number: 'integer', samplesPerPixel: 1 }],
    ['int8', { bitsAllocated: 8, signed: true, number: 'integer' }],
    ['uint16', { bitsAllocated: 16, signed: false }],
    ['int32', { bitsAllocated: 32, signed: true }],
    ['uint32', { bitsAllocated: 32, signed: false }],
    ['int64', { bitsAllocated: 64, signed: true, number: 'integer' }],
    ['uint64', { bitsAllocated: 64, signed: false, number: 'integer' }],
    ['float32', { bitsAllocated: 32, number: 'float' }],
    ['float64', { bitsAllocated: 64, number: 'float' }],
    ['complex64', { bitsAllocated: 64, number: 'complex' }],
    ['complex128', { bitsAllocated: 128, number: 'complex' }],
    ['rgb24', { bitsAllocated: 8, samplesPerPixel: 3, photometric: 'RGB' }],
    ['rgba32', { bitsAllocated: 8, samplesPerPixel: 4, photometric: 'RGB' }],
  ] as const)('of type %s are described', async (name, pixel) => {
    const [datatype, bitsPerVoxel] = NIFTI_TYPES[name];
    const data = new Uint8Array((24 * bitsPerVoxel) / 8);
    const series = await read(volume({ datatype, bitsPerVoxel, data }));
    expect(series.frames[0]?.pixel).toMatchObject(pixel);
    expect(series.frames[0]?.source.ranges[0]?.length).toBe((12 * bitsPerVoxel) / 8);
  });

  it.each([
    [2, 5, 2, 5],
    [0, 5, 1, 0],
    [Number.NaN, 5, 1, 0],
    [2, Number.NaN, 2, 0],
  ])(
    'with scl_slope %d and scl_inter %d are scaled by %d and %d',
    async (slope, intercept, factor, offset) => {
      const series = await read(volume({ slope, intercept }));
      expect(series.frames[0]?.modality).toMatchObject({ slope: factor, intercept: offset });
    },
  );

  it('have a window where cal_min and cal_max give one', async () => {
    expect((await read(volume({ calMin: -100, calMax: 300 }))).frames[0]?.windows).toEqual([
      { center: 100, width: 400, function: 'LINEAR_EXACT', name: null },
    ]);
    expect((await read(volume())).frames[0]?.windows).toEqual([]);
  });

  it('are of the type that is named, also where bitpix says otherwise', async () => {
    const series = await read(volume({ bitsPerVoxel: 8 }));
    expect(series.frames[0]?.pixel.bitsAllocated).toBe(16);
    expect(codes(series)).toEqual(['HEADER_QUESTIONABLE']);
  });
});

describe('a NIfTI header that lies', () => {
  it.each([
    ['no dimensions', { claim: { dims: [] } }, 'HEADER_INCONSISTENT'],
    ['a negative dimension', { claim: { dims: [4, -3, 2] } }, 'HEADER_INCONSISTENT'],
    ['dimensions beyond belief', { claim: { dims: [32767, 32767, 32767] } }, 'HEADER_INCONSISTENT'],
    ['data before the end of the header', { claim: { voxOffset: 17 } }, 'HEADER_INCONSISTENT'],
    ['data at no number', { claim: { voxOffset: Number.NaN } }, 'HEADER_INCONSISTENT'],
    ['a type that does not exist', { datatype: 77 }, 'HEADER_INCONSISTENT'],
    ['a type that cannot be shown', { datatype: 1536, bitsPerVoxel: 128 }, 'NOT_AN_IMAGE'],
    ['more frames than there are', { claim: { dims: [4, 3, 200] } }, 'FILE_TRUNCATED'],
    ['a line of values', { claim: { dims: [24] } }, 'NOT_AN_IMAGE'],
    ['too many frames to list', { claim: { dims: [1, 2, 32767, 1000] } }, 'LIMIT_EXCEEDED'],
  ] satisfies [string, Partial<NiftiFileOptions>, string][])(
    'about %s is refused',
    async (_, options, code) => {
      await expect(read(volume(options))).rejects.toMatchObject({ code });
      await expect(read(volume({ ...options, gzip: true }))).rejects.toMatchObject({ code });
    },
  );

  it('that is cut off is told from data that are', async () => {
    await expect(read(volume().subarray(0, 347))).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' });
    const facts = { expected: 400, actual: 399 };
    await expect(read(volume().subarray(0, -1))).rejects.toMatchObject({ code: 'FILE_TRUNCATED', facts });
  });

  it('about a pair whose data file is missing is refused', async () => {
    await expect(read(volume({ pair: true }), 'v.hdr')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

describe('a gzip file', () => {
  const noise = Int16Array.from({ length: 24_000 }, (_, at) => Math.imul(at, 2654435761) >>> 16);
  const large = (): Uint8Array => volume({ dims: [40, 30, 20], data: noise, gzip: true });

  it('that ends too early is truncated', async () => {
    const bytes = large();
    await expect(read(bytes.subarray(0, bytes.length / 2))).rejects.toMatchObject({ code: 'FILE_TRUNCATED' });
  });

  it('that is damaged cannot be read', async () => {
    const bytes = Buffer.from(large());
    bytes.fill(0xff, 20_000, 20_400).fill(1, bytes.length - 4);
    await expect(read(bytes)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('may have several members', async () => {
    const plain = volume({ dims: [40, 30, 20], data: noise });
    const members = Buffer.concat([gzipSync(plain.subarray(0, 9000)), gzipSync(plain.subarray(9000))]);
    expect((await read(members)).frames).toHaveLength(20);
  });

  it('with something else inside is not an image', async () => {
    await expect(read(gzipSync('notes'), 'notes.gz')).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' });
  });
});
