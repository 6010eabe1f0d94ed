import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { exportOf, largestSeries } from '../unit/export/exportOf.ts';
import { dicomPairs, exportJudgeMissing, judgeDicom } from './exportJudge.ts';

const folder = temporaryFolder();
const missing = exportJudgeMissing('pydicom');
if (missing !== null) console.warn(`skipped, ${missing}`);

/** Elements that a derived image has of its own, or that do not hold for a part; group lengths go as well. */
const DERIVED = `00080008 00080012 00080013 00080018 0008103E 00082111 00082112 00089215 0018A001 0020000E 00200011
  00180088 00200105 00201002 00880200`;
const LOOP = `${DERIVED} 00280008 00280009 00181063 00181065 00080023 00080033 00082142 00082143`;
const ANGIOGRAPHY = `${LOOP} 00286040 00286100 00281090`;
const ENHANCED = `${LOOP} 00089154 00189073 00209221 00209222 52009229 52009230 00209311`;
const ENHANCED_MR = `${ENHANCED} 00180023 00189005 00189008 00189011 00189012 00189014 00189015 00189017 00189018
  00189024 00189025 00189029 00189032 00189033 00189034 00189093 00189094 00189250`;

/** The source says that it is single-frame MR, and has 16 frames; which of them were kept is said all the same. */
const MULTI_FRAME_MR =
  'Error - Shall not be present for Referenced SOP Class that is not multi-frame - attribute <ReferencedFrameNumber>';

interface Case {
  path: string;
  frames: readonly number[];
  mayChange: string;
  complaints?: readonly string[];
}

const CASES: readonly Case[] = [
  { path: 'dicom/ct_chest_lung_60', frames: [0, 3, 9, 59], mayChange: DERIVED },
  { path: 'dicom/mr_sag_mprage_192', frames: [5, 10, 15, 190], mayChange: DERIVED },
  { path: 'dicom/mr_oblique_20_bigendian', frames: [0, 1, 19], mayChange: DERIVED },
  { path: 'dicom/mr_oblique_20_littleendian', frames: [0, 1, 19], mayChange: DERIVED },
  { path: 'dicom/mr_4d_fmri_ge_150', frames: [0, 2, 16], mayChange: DERIVED },
  { path: 'dicom/us_cine/us_echo_4ch_jpeg_65f.dcm', frames: [1, 2, 30], mayChange: LOOP },
  { path: 'dicom/us_cine/us_doppler_palette_rle_10f.dcm', frames: [1, 2, 8], mayChange: LOOP },
  { path: 'dicom/us_cine/us_doppler_palette_jpegls_10f.dcm', frames: [0, 4, 8], mayChange: LOOP },
  { path: 'dicom/xa_cine_96f', frames: [0, 3, 20, 53], mayChange: ANGIOGRAPHY },
  { path: 'dicom/mr_heart_cine_16f', frames: [2, 4, 6], mayChange: LOOP, complaints: [MULTI_FRAME_MR] },
  { path: 'dicom/enhanced_mr_flair_24f', frames: [2, 3, 7], mayChange: ENHANCED_MR },
  { path: 'dicom/enhanced_mr_j2k_multifragment_19f', frames: [1, 5, 6], mayChange: ENHANCED_MR },
  { path: 'dicom/enhanced_mr_temporal_19f', frames: [1, 5, 6], mayChange: ENHANCED_MR },
  { path: 'dicom/enhanced_mr_siemens_xa10_4x6f', frames: [0, 1, 4], mayChange: ENHANCED_MR },
  { path: 'dicom/enhanced_ct_perfusion_2f', frames: [1], mayChange: ENHANCED },
];

describe.skipIf(missing !== null)('a reduced DICOM series, judged by pydicom, dicom3tools and dcmtk', () => {
  it.each(CASES)('$path', async ({ path, frames, mayChange, complaints = [] }) => {
    const source = sharedData(path);
    if (source === null) {
      console.warn(`skipped, ${path} is not there`);
      return;
    }
    const series = await largestSeries(source);
    const result = await exportOf(source, series, frames, join(folder, path.replaceAll('/', '_')));
    const pairs = dicomPairs(series, result);
    const verdicts = judgeDicom(pairs);
    expect(result.selected).toEqual(frames);
    expect(verdicts).toHaveLength(pairs.length);
    for (const [index, verdict] of verdicts.entries()) {
      const pair = pairs[index];
      expect(verdict.framesEqual).toBe(true);
      expect(verdict.numberOfFrames).toBe(pair?.frames.length);
      expect(verdict.changed.filter((tag) => !tag.endsWith('0000') && !mayChange.includes(tag))).toEqual([]);
      expect(verdict.metaUid).toBe(verdict.sopInstanceUid);
      expect(verdict.sopInstanceUid).toMatch(/^2\.25\.\d+$/);
      expect(verdict.imageType[0]).toBe('DERIVED');
      expect(verdict.seriesDescription).toContain(`[reduced ${frames.length} of `);
      expect(verdict.studyInstanceUid).toBe(series.studyUid);
      expect((verdict.newComplaints ?? []).filter((line) => !complaints.includes(line))).toEqual([]);
      expect(verdict.dcmdump?.[1]).toBe(verdict.dcmdump?.[0]);
      expect(series.frames.map(({ sopInstanceUid }) => sopInstanceUid)).toContain(verdict.sourceUid);
      if (verdict.numberOfFrames > 1)
        expect(verdict.sourceFrames).toEqual(pair?.frames.map((frame) => frame + 1));
    }
    expect(new Set(verdicts.map(({ seriesInstanceUid }) => seriesInstanceUid)).size).toBe(1);
    expect(new Set(verdicts.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(verdicts.length);
  });

  it('times the kept frames of a loop as the source did', async () => {
    const source = sharedData('dicom/xa_cine_96f');
    if (source === null) {
      console.warn('skipped, dicom/xa_cine_96f is not there');
      return;
    }
    const series = await largestSeries(source);
    const uneven = await exportOf(source, series, [0, 3, 20, 53], join(folder, 'uneven'));
    const even = await exportOf(source, series, [2, 4, 6], join(folder, 'even'));
    const [first, second] = judgeDicom([...dicomPairs(series, uneven), ...dicomPairs(series, even)]);
    expect(first).toMatchObject({ frameTime: null, frameTimeVector: [0, 99, 561, 1089] });
    expect(second).toMatchObject({ frameTime: 66, frameTimeVector: null });
    const reread = await largestSeries(uneven.out);
    expect(reread.frames.map(({ timeMs }) => timeMs)).toEqual([0, 99, 660, 1749]);
  });

  it('numbers the dimensions of an enhanced object densely', async () => {
    const source = sharedData('dicom/enhanced_mr_temporal_19f');
    if (source === null) {
      console.warn('skipped, dicom/enhanced_mr_temporal_19f is not there');
      return;
    }
    const series = await largestSeries(source);
    const result = await exportOf(source, series, [2, 3, 7], join(folder, 'dense'));
    const [verdict] = judgeDicom(dicomPairs(series, result));
    const columns = (verdict?.dimensionIndices?.[0] ?? []).map((_, axis) =>
      (verdict?.dimensionIndices ?? []).map((indices) => indices[axis] ?? 0),
    );
    for (const column of columns) {
      const distinct = [...new Set(column)].sort((a, b) => a - b);
      expect(distinct).toEqual(distinct.map((_, index) => index + 1));
    }
    expect(columns.some((column) => new Set(column).size === 3)).toBe(true);
    const reread = await largestSeries(result.out);
    expect(reread.frames.map(({ position }) => position)).toEqual(
      [2, 3, 7].map((frame) => series.frames[frame]?.position),
    );
  });

  it('writes triage.json with the hashes of the sources', async () => {
    const source = sharedData('dicom/mr_heart_cine_16f');
    if (source === null) {
      console.warn('skipped, dicom/mr_heart_cine_16f is not there');
      return;
    }
    const series = await largestSeries(source);
    const { out } = await exportOf(source, series, [1], join(folder, 'triage'));
    expect(JSON.parse(await readFile(join(out, 'triage.json'), 'utf8'))).toMatchObject({
      use: 'research use, not for diagnosis',
      selected: [1],
      sources: [{ path: 'mr_heart_8bit_16f.dcm', bytes: 1_049_496 }],
    });
  });
});
