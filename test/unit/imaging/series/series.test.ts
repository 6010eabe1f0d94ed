import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../../src/contract/series.ts';
import { readStudy } from '../../../../src/imaging/readStudy.ts';
import { ctSlice, usLoop, writeCtSeries, type CtSliceOptions } from '../../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements } from '../../../fixtures/dicomFile.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const root = temporaryFolder();

/** Series of a folder with these files; their names are in the reverse of their order. */
async function seriesOf(files: readonly DicomElements[]): Promise<readonly Series[]> {
  const folder = mkdtempSync(join(root, 'case-'));
  files.forEach((elements, index) => {
    writeFileSync(join(folder, `im${files.length - index}`), dicomFile(elements));
  });
  return (await readStudy(folder)).series;
}

const slices = (count: number, options: (index: number) => CtSliceOptions): DicomElements[] =>
  Array.from({ length: count }, (_, index) => ctSlice({ index, ...options(index) }));
const z = (series: Series | undefined): (number | undefined)[] =>
  series?.frames.map(({ position }) => position?.[2]) ?? [];
const codes = (series: Series | undefined): string[] => series?.warnings.map(({ code }) => code) ?? [];

describe('a stack', () => {
  it('is sorted by position, whatever the files and instance numbers say', async () => {
    const [series] = await seriesOf(slices(4, (index) => ({ position: [0, 0, [5, 0, 15, 10][index] ?? 0] })));
    expect(series).toMatchObject({
      kind: 'volume',
      phases: 1,
      framesPerPhase: 4,
      sortedBy: 'position along the slice normal',
      sliceThickness: 2.5,
      geometry: { evenlySpaced: true, sliceSpacing: 5 },
    });
    expect(z(series)).toEqual([0, 5, 10, 15]);
    expect(series?.files).toHaveLength(4);
  });

  it('ascends along row × column, which may point to the feet', async () => {
    const orientation = [1, 0, 0, 0, -1, 0] as const;
    const [series] = await seriesOf(slices(3, (index) => ({ position: [0, 0, index], orientation })));
    expect(z(series)).toEqual([2, 1, 0]);
    expect(series?.geometry.sliceSpacing).toBe(1);
  });

  it('shares equal descriptions by reference', async () => {
    const [series] = await seriesOf(slices(3, () => ({})));
    const [first, second] = series?.frames ?? [];
    expect(first?.pixel).toBe(second?.pixel);
    expect(first?.windows).toBe(second?.windows);
  });

  it('reports gaps and tilt', async () => {
    const [gap] = await seriesOf(slices(4, (index) => ({ position: [0, 0, [0, 2, 4, 8][index] ?? 0] })));
    expect(codes(gap)).toEqual(['SPACING_UNEVEN', 'SLICES_MISSING']);
    const [tilted] = await seriesOf(slices(3, (index) => ({ position: [0, index, 4 * index] })));
    expect(codes(tilted)).toEqual(['GANTRY_TILT']);
  });

  it('is split by orientation, matrix and frame of reference', async () => {
    const parts = await seriesOf([
      ...slices(2, () => ({})),
      ...slices(2, (index) => ({
        index: index + 2,
        orientation: [0, 1, 0, 0, 0, -1],
        position: [index, 0, 0],
      })),
      ...slices(2, (index) => ({ index: index + 4, rows: 4 })),
      ...slices(2, (index) => ({ index: index + 6, elements: { '00200052': ['UI', '2.25.77'] } })),
    ]);
    expect(parts.map(({ id, framesPerPhase }) => [id, framesPerPhase])).toEqual([
      ['2.25.2001#1', 2],
      ['2.25.2001#2', 2],
      ['2.25.2001#3', 2],
      ['2.25.2001#4', 2],
    ]);
    expect(parts.map(({ description }) => description)).toEqual([
      'Thorax (axial, 6 × 8)',
      'Thorax (sagittal, 6 × 8)',
      'Thorax (axial, 6 × 4)',
      'Thorax (axial, 6 × 8)',
    ]);
  });

  it('lets a localizer stand alone', async () => {
    const localizer: DicomElements = { '00080008': ['CS', ['ORIGINAL', 'PRIMARY', 'LOCALIZER']] };
    const parts = await seriesOf([...slices(3, () => ({})), ctSlice({ index: 3, elements: localizer })]);
    expect(parts.map(({ kind, framesPerPhase }) => [kind, framesPerPhase])).toEqual([
      ['volume', 3],
      ['images', 1],
    ]);
    expect(parts[1]?.description).toBe('Thorax (localizer)');
  });
});

describe('repeated positions', () => {
  const repeated = (elements: (repetition: number, slice: number) => DicomElements): DicomElements[] =>
    slices(6, (index) => {
      const slice = index % 3;
      return { position: [0, 0, slice], elements: elements(Math.floor(index / 3), slice) };
    });

  it('form phases by temporal position', async () => {
    const [series] = await seriesOf(repeated((repetition) => ({ '00200100': ['IS', 2 - repetition] })));
    expect(series).toMatchObject({
      phases: 2,
      framesPerPhase: 3,
      sortedBy: 'temporal position, then position along the slice normal',
      geometry: { evenlySpaced: true },
    });
    expect(z(series)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(series?.frames[0]?.sopInstanceUid).toBe('2.25.2001.4');
  });

  it('form phases by trigger times that differ from slice to slice', async () => {
    const [series] = await seriesOf(
      repeated((repetition, slice) => ({ '00181060': ['DS', 100 * repetition + slice] })),
    );
    expect(series).toMatchObject({ phases: 2, framesPerPhase: 3 });
  });

  it.each([
    ['b-value', '00189087', 'FD', [0, 1000], ['Thorax (b 0)', 'Thorax (b 1000)']],
    ['echo time', '00180081', 'DS', [4.6, 9.2], ['Thorax (TE 4.6 ms)', 'Thorax (TE 9.2 ms)']],
  ])('are taken apart by %s', async (_, tag, vr, values, descriptions) => {
    const parts = await seriesOf(repeated((repetition) => ({ [tag]: [vr, values[repetition] ?? 0] })));
    expect(parts.map(({ description }) => description)).toEqual(descriptions);
    expect(parts.map(({ phases, framesPerPhase }) => [phases, framesPerPhase])).toEqual([
      [1, 3],
      [1, 3],
    ]);
  });

  it('stay together where values differ but positions do not repeat', async () => {
    const parts = await seriesOf(slices(3, (index) => ({ elements: { '00180081': ['DS', 4 + index] } })));
    expect(parts).toHaveLength(1);
  });

  it('are duplicates where nothing explains them, and stay in sight', async () => {
    const [series] = await seriesOf([...slices(3, () => ({})), ctSlice({ index: 1 })]);
    expect(series).toMatchObject({
      phases: 1,
      framesPerPhase: 4,
      geometry: { evenlySpaced: false, sliceSpacing: 2.5 },
    });
    expect(series?.warnings.map(({ code, facts }) => [code, facts])).toEqual([['DUPLICATES', { count: 1 }]]);
  });

  it('are duplicates, not phases, where the same instances lie there twice', async () => {
    const [series] = await seriesOf([...slices(3, () => ({})), ...slices(3, () => ({}))]);
    expect(series).toMatchObject({ phases: 1, framesPerPhase: 6 });
    expect(codes(series)).toEqual(['DUPLICATES']);
  });

  it('of one place at several times are a loop', async () => {
    const [series] = await seriesOf(
      slices(4, (index) => ({ position: [0, 0, 0], elements: { '00181060': ['DS', 25 * index] } })),
    );
    expect(series).toMatchObject({
      kind: 'cine',
      framesPerPhase: 4,
      cine: { frameTimeMs: 25, displayFps: 40 },
    });
    expect(series?.frames.map(({ timeMs }) => timeMs)).toEqual([0, 25, 50, 75]);
  });
});

describe('frames without a place', () => {
  const unplaced = (index: number): DicomElements => {
    const { '00200032': position, '00200037': orientation, ...rest } = ctSlice({ index });
    expect([position, orientation]).not.toContain(undefined);
    return rest;
  };

  it('are sorted by instance number', async () => {
    const [series] = await seriesOf([unplaced(2), unplaced(10), unplaced(1)]);
    expect(series).toMatchObject({ kind: 'images', sortedBy: 'instance number', geometry: { affine: null } });
    expect(series?.frames.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual([
      '2.25.2001.2',
      '2.25.2001.3',
      '2.25.2001.11',
    ]);
    expect(codes(series)).toEqual(['GEOMETRY_UNKNOWN']);
  });

  it('have no place either where the cosines are no directions', async () => {
    const elements: DicomElements = { '00200037': ['DS', [1, 0, 0, 1, 0, 0]] };
    const [series] = await seriesOf(slices(3, () => ({ elements })));
    expect(series).toMatchObject({ kind: 'images', frames: [{ orientation: null }, {}, {}] });
  });

  it('of one file are a loop of their own in the order of the file', async () => {
    const parts = await seriesOf([
      usLoop(3, 40),
      usLoop(5, 20, 6, 8, { '00080018': ['UI', '2.25.3003'], '00200013': ['IS', 2] }),
    ]);
    expect(parts.map(({ id, kind, frames }) => [id, kind, frames.length])).toEqual([
      ['2.25.3001#1', 'cine', 3],
      ['2.25.3001#2', 'cine', 5],
    ]);
    expect(parts[1]?.frames.map(({ source }) => source.indexInFile)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('enhanced multi-frame images', () => {
  const frameGroup = (position: number, time: number, slope: number): DicomElements => ({
    '00209111': ['SQ', [{ '00209128': ['UL', time] }]],
    '00209113': ['SQ', [{ '00200032': ['DS', [0, 0, position]] }]],
    '00289145': ['SQ', [{ '00281052': ['DS', 0], '00281053': ['DS', slope] }]],
  });
  const enhanced = (): DicomElements => {
    const {
      '00200032': position,
      '00200037': orientation,
      '00280030': spacing,
      ...rest
    } = ctSlice({ rows: 2, columns: 2 });
    expect([position, orientation, spacing]).not.toContain(undefined);
    return {
      ...rest,
      '00280008': ['IS', 4],
      '52009229': [
        'SQ',
        [
          {
            '00209116': ['SQ', [{ '00200037': ['DS', [1, 0, 0, 0, 1, 0]] }]],
            '00289110': ['SQ', [{ '00280030': ['DS', [2, 3]], '00180050': ['DS', 7] }]],
          },
        ],
      ],
      '52009230': [
        'SQ',
        [frameGroup(8, 1, 1), frameGroup(0, 1, 2), frameGroup(8, 2, 3), frameGroup(0, 2, 4)],
      ],
      '7FE00010': ['OW', new Int16Array(16)],
    };
  };

  it('are placed and rescaled frame by frame, and sorted into phases', async () => {
    const [series] = await seriesOf([enhanced()]);
    expect(series).toMatchObject({
      kind: 'volume',
      phases: 2,
      framesPerPhase: 2,
      pixelSpacing: [2, 3],
      sliceThickness: 7,
      geometry: { sliceSpacing: 8 },
    });
    expect(series?.frames.map(({ source }) => source.indexInFile)).toEqual([1, 0, 3, 2]);
    expect(
      series?.frames.map(({ modality }) => (modality.kind === 'linear' ? modality.slope : null)),
    ).toEqual([2, 1, 4, 3]);
  });
});

describe('a study', () => {
  it('lists what was passed over and opens the rest', async () => {
    const folder = mkdtempSync(join(root, 'mixed-'));
    writeCtSeries(folder, 3);
    writeFileSync(join(folder, 'notes.txt'), 'two nodules\n');
    writeFileSync(join(folder, 'half.dcm'), dicomFile(ctSlice({ index: 9 })).subarray(0, -40));
    const progress: [number, number][] = [];
    const study = await readStudy(folder, { onProgress: (done, total) => progress.push([done, total]) });
    expect(study.series.map(({ index, frames }) => [index, frames.length])).toEqual([[0, 3]]);
    expect(study.failures.map(({ path, code }) => [path, code])).toEqual([
      [join(folder, 'half.dcm'), 'FILE_TRUNCATED'],
      [join(folder, 'notes.txt'), 'NOT_AN_IMAGE'],
    ]);
    expect(progress.at(-1)).toEqual([5, 5]);
  });

  it('without images is refused; so is one that was cancelled', async () => {
    const folder = mkdtempSync(join(root, 'empty-'));
    await expect(readStudy(folder)).rejects.toMatchObject({ code: 'NO_IMAGES', path: folder });
    writeFileSync(join(folder, 'notes.txt'), 'nothing\n');
    await expect(readStudy(folder)).rejects.toMatchObject({ code: 'NO_IMAGES', path: folder });
    await expect(readStudy(folder, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('that is one file throws the error of that file', async () => {
    const path = join(root, 'letter.txt');
    writeFileSync(path, 'Dear colleague\n');
    await expect(readStudy(path)).rejects.toMatchObject({ code: 'NOT_AN_IMAGE', path });
    await expect(readStudy(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'PATH_NOT_FOUND' });
  });

  it('keeps its identifiers whatever order the files are read in', async () => {
    const files = [...slices(2, () => ({})), ...slices(2, (index) => ({ index: index + 2, rows: 4 }))];
    const ids = (series: readonly Series[]) => series.map(({ id, frames }) => [id, frames[0]?.pixel.rows]);
    expect(ids(await seriesOf(files))).toEqual(ids(await seriesOf([...files].reverse())));
  });
});
