import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TAG } from '../../../src/export/dicom/tags.ts';
import { readStudy } from '../../../src/imaging/readStudy.ts';
import { ctSlice, usLoop, writeCtSeries } from '../../fixtures/ctSlice.ts';
import { dicomFile, type DicomElements, type DicomFileOptions } from '../../fixtures/dicomFile.ts';
import { NIFTI_TYPES, niftiFile } from '../../fixtures/niftiFile.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { exportOf, largestSeries } from './exportOf.ts';
import { dataSetOf, storedBytesOf } from './storedIn.ts';

const root = temporaryFolder();
let folders = 0;

async function newFolder(): Promise<string> {
  folders += 1;
  const folder = join(root, String(folders));
  await mkdir(folder);
  return folder;
}

async function ctStudy(
  count: number,
  file: DicomFileOptions = {},
  elements: DicomElements = {},
): Promise<string> {
  const folder = join(await newFolder(), 'source');
  writeCtSeries(folder, count, { elements }, file);
  return folder;
}

async function fileStudy(bytes: Uint8Array, name: string): Promise<string> {
  const path = join(await newFolder(), name);
  await writeFile(path, bytes);
  return path;
}

describe('a series of single-frame files', () => {
  it.each([
    ['implicit little endian', { transferSyntax: '1.2.840.10008.1.2' }],
    ['explicit big endian', { transferSyntax: '1.2.840.10008.1.2.2' }],
    ['deflated', { transferSyntax: '1.2.840.10008.1.2.1.99' }],
    ['undefined lengths', { undefinedLengths: true }],
    ['no preamble and no meta elements', { preamble: false }],
  ])('keeps its encoding: %s', async (_, file) => {
    const source = await ctStudy(5, file);
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [1, 2, 4], `${source}-out`);
    const reduced = await largestSeries(result.out);
    expect(reduced.transferSyntaxes).toEqual(series.transferSyntaxes);
    expect(reduced.frames.map(({ position }) => position)).toEqual(
      [1, 2, 4].map((frame) => series.frames[frame]?.position),
    );
    expect(reduced.frames.map(({ modality }) => modality)).toEqual(
      [1, 2, 4].map((frame) => series.frames[frame]?.modality),
    );
    if (series.frames[0]?.source.encoding === 'plain') {
      const all = await storedBytesOf(series);
      expect(await storedBytesOf(reduced)).toEqual([1, 2, 4].map((frame) => all[frame]));
    }
  });

  it('names what it is, where it comes from and who made it', async () => {
    const source = await ctStudy(6, {}, {
      '00180088': ['DS', 2.5],
      '00201002': ['IS', 6],
      '00080201': ['SH', '-0500'],
      '0018A001': ['SQ', [{ '00080070': ['LO', 'Scanner'] }]],
      'FFFCFFFC': ['OB', new Uint8Array(4)],
    }); // prettier-ignore
    const series = await largestSeries(source);
    const progress: (readonly [number, number])[] = [];
    const result = await exportOf(source, series, [1, 3, 5], `${source}-out`, {
      onProgress: (done, total) => progress.push([done, total]),
    });
    const dataSet = await dataSetOf(await largestSeries(result.out));
    expect(dataSet.texts(TAG.imageType)).toEqual(['DERIVED', 'PRIMARY', 'AXIAL']);
    expect(dataSet.text(TAG.seriesDescription)).toBe('Thorax [reduced 3 of 6]');
    expect(dataSet.text(TAG.seriesNumber)).toBe('301');
    expect(dataSet.text(0x00200013)).toBe('2');
    expect(dataSet.text(TAG.derivationDescription)).toBe(
      '3 of 6 frames selected by DAS general 1.0.0; source frames: 2, 4, 6',
    );
    expect(dataSet.text(TAG.spacingBetweenSlices)).toBe('5');
    expect(dataSet.element(TAG.imagesInAcquisition)).toBeNull();
    expect(dataSet.element(TAG.dataSetTrailingPadding)).toBeNull();
    expect(dataSet.items(TAG.contributingEquipmentSequence)).toHaveLength(2);
    expect(dataSet.text(TAG.studyInstanceUid)).toBe('2.25.2000');
    expect(progress[progress.length - 1]).toEqual([6, 6]);
    expect(result.files.map(({ kind }) => kind)).toEqual(['dicom', 'dicom', 'dicom', 'triage']);
    expect((await readdir(result.out)).sort()).toEqual([
      'IMG0001.dcm',
      'IMG0002.dcm',
      'IMG0003.dcm',
      'triage.json',
    ]);
  });

  it('removes the slice distance of an uneven selection and makes a new study on request', async () => {
    const source = await ctStudy(6, {}, { '00180088': ['DS', 2.5] });
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [0, 1, 5], `${source}-out`, { studyMode: 'new' });
    const reduced = await largestSeries(result.out);
    const first = await dataSetOf(reduced, 0);
    expect(first.element(TAG.spacingBetweenSlices)).toBeNull();
    expect(first.text(TAG.studyInstanceUid)).toMatch(/^2\.25\.\d{20,39}$/);
    expect((await dataSetOf(reduced, 2)).text(TAG.studyInstanceUid)).toBe(first.text(TAG.studyInstanceUid));
    expect(first.text(0x00200052)).toBe('2.25.2002');
  });
});

describe('a NIfTI volume', () => {
  const volume = (options: { version?: 1 | 2; littleEndian?: boolean; gzip?: boolean }): Uint8Array =>
    niftiFile({
      dims: [4, 3, 6, 2],
      datatype: NIFTI_TYPES.int16[0],
      bitsPerVoxel: NIFTI_TYPES.int16[1],
      data: Int16Array.from({ length: 144 }, (_, at) => at * 3 - 100),
      spacing: [1, 1, 2, 1],
      sform: { code: 1, rows: [[-1, 0, 0, 10], [0, 1, 0, 20], [0, 0, 2, 30]] },
      slope: 2,
      intercept: -5,
      ...options,
    }); // prettier-ignore

  it.each([{}, { version: 2 as const }, { littleEndian: false }, { gzip: true }])(
    '%o keeps its header',
    async (options) => {
      const source = await fileStudy(volume(options), options.gzip === true ? 'v.nii.gz' : 'v.nii');
      const series = await largestSeries(source);
      const result = await exportOf(source, series, [7, 9, 11], `${source}-out`);
      expect(result.files.map(({ kind }) => kind)).toEqual(['nifti', 'triage']);
      const reduced = await largestSeries(result.files[0]?.path ?? '');
      expect(reduced).toMatchObject({ phases: 1, framesPerPhase: 3, geometry: { sliceSpacing: -4 } });
      expect(reduced.frames.map(({ position }) => position)).toEqual(
        [7, 9, 11].map((frame) => series.frames[frame]?.position),
      );
      expect(reduced.frames[0]?.modality).toEqual(series.frames[0]?.modality);
    },
  );

  it('keeps all phases when the same slices are kept in each, and refuses different ones', async () => {
    const source = await fileStudy(volume({}), 'v.nii');
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [1, 3, 7, 9], `${source}-out`);
    expect(await largestSeries(result.files[0]?.path ?? '')).toMatchObject({ phases: 2, framesPerPhase: 2 });
    await expect(exportOf(source, series, [1, 3, 7], `${source}-no`)).rejects.toMatchObject({
      code: 'FORMAT_NOT_APPLICABLE',
    });
  });

  it('of an uneven selection says so', async () => {
    const source = await fileStudy(volume({}), 'v.nii');
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [0, 1, 5], `${source}-out`);
    expect(result.files.map(({ kind }) => kind)).toEqual(['nifti', 'sidecar', 'triage']);
    expect(result.warnings).toMatchObject([{ code: 'SPACING_UNEVEN', facts: { min: 2, max: 8, median: 5 } }]);
    expect(JSON.parse(await readFile(join(result.out, 'volume.json'), 'utf8'))).toMatchObject({
      sourceSlices: [0, 1, 5],
      positions: [[10, 20, 30], [10, 20, 32], [10, 20, 40]],
    }); // prettier-ignore
  });
});

describe('what cannot be exported', () => {
  it('leaves nothing behind', async () => {
    const source = await ctStudy(3);
    const series = await largestSeries(source);
    const target = `${source}-out`;
    const nifti = await fileStudy(
      niftiFile({ dims: [2, 2, 2], datatype: 2, bitsPerVoxel: 8, data: new Uint8Array(8) }),
      'v.nii',
    );
    const color = await fileStudy(
      dicomFile({ ...ctSlice(), ...usLoop(2, 40), '00280002': ['US', 3], '00280004': ['CS', 'RGB'], '00280006': ['US', 0],
        '7FE00010': ['OB', new Uint8Array(2 * 48 * 3)] }),
      'rgb.dcm',
    ); // prettier-ignore
    const noFrame = exportOf(source, series, [3], target);
    await expect(noFrame).rejects.toMatchObject({ code: 'FRAME_OUT_OF_RANGE', facts: { frame: 3, last: 2 } });
    await expect(exportOf(source, series, [0], join(source, 'out'))).rejects.toMatchObject({
      code: 'TARGET_INSIDE_SOURCE',
    });
    const asDicom = exportOf(nifti, await largestSeries(nifti), [0], target, { formats: ['dicom'] });
    await expect(asDicom).rejects.toMatchObject({ code: 'FORMAT_NOT_APPLICABLE' });
    const asNifti = exportOf(color, await largestSeries(color), [0], target, { formats: ['nifti'] });
    await expect(asNifti).rejects.toMatchObject({
      code: 'FORMAT_NOT_APPLICABLE',
      facts: { reason: 'it is coloured' },
    });
    const abort = new AbortController();
    const cancelled = exportOf(source, series, [0, 1, 2], target, {
      signal: abort.signal,
      onProgress: (done) => {
        if (done === 4) abort.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readdir(join(source, '..'))).toEqual(['source']);
  });

  it('includes a source that changed since it was opened', async () => {
    const source = await ctStudy(3);
    const series = await largestSeries(source);
    await appendFile(series.files[1]?.path ?? '', 'x');
    await expect(exportOf(source, series, [0], `${source}-out`)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
    const again = await largestSeries(source);
    const during = exportOf(source, again, [0], `${source}-out`, {
      onProgress: () => {
        void appendFile(again.files[2]?.path ?? '', 'x');
      },
    });
    await expect(during).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(await readdir(join(source, '..'))).toEqual(['source']);
  });
});

it('writes triage.json alone when no images are wanted, and reads nothing of itself as an image', async () => {
  const source = await ctStudy(2);
  const series = await largestSeries(source);
  const { out, files } = await exportOf(source, series, [1], `${source}-out`, { formats: ['json'] });
  expect(files.map(({ kind }) => kind)).toEqual(['triage']);
  expect(JSON.parse(await readFile(join(out, 'triage.json'), 'utf8'))).toMatchObject({
    selected: [1],
    sources: [{ path: 'slice-001.dcm' }, { path: 'slice-002.dcm' }],
  });
  await expect(readStudy(out)).rejects.toMatchObject({ code: 'NO_IMAGES' });
});
