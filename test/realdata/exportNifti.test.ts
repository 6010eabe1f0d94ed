import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportResult } from '../../src/export/exportSelection.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { exportOf, largestSeries } from '../unit/export/exportOf.ts';
import { exportJudgeMissing, judgeNifti, type NiftiVerdict } from './exportJudge.ts';

const folder = temporaryFolder();
const missing = exportJudgeMissing('nibabel, numpy');
if (missing !== null) console.warn(`skipped, ${missing}`);

const VOLUMES = [
  'ct_avm_3d_uint8.nii.gz',
  'ct_gantry_pitch_oblique.nii.gz',
  'avg152T1_LR_bigendian_uint8.nii.gz',
  'avg152T1_LR_nifti2_float32.nii.gz',
  'complex64_3d.nii.gz',
  'ct_perfusion_rgb24.nii.gz',
  'dwi_b0_float64_sformonly.nii.gz',
  'nib_anatomical_int16_bigendian.nii',
  'nib_reoriented_float32_bigendian.nii',
  'orientation_PSR.nii.gz',
  'ras_pair.hdr',
  'rgba32_cit168.nii.gz',
  'shear_affine.nii.gz',
  't1_postgad_3d_uint8_oblique.nii.gz',
  'with_header_extension.nii.gz',
  'zstat_float32_bigendian_qformonly.nii.gz',
];

type Matrix = readonly (readonly number[])[];

/** The affine after keeping every `step`th slice from `first`. */
const stepped = (affine: Matrix, first: number, step: number): number[][] =>
  affine.map((row) => {
    const [i = 0, j = 0, k = 0, origin = 0] = row;
    return [i, j, k * step, origin + k * first];
  });

function expectNear(actual: Matrix | null, expected: Matrix | null): void {
  expect(actual === null).toBe(expected === null);
  for (const [row, values] of (expected ?? []).entries()) {
    for (const [column, value] of values.entries()) {
      expect(Math.abs((actual?.[row]?.[column] ?? NaN) - value)).toBeLessThan(1e-3);
    }
  }
}

interface Reduced {
  even: readonly number[];
  uneven: readonly number[];
  step: number;
  evenResult: ExportResult;
  unevenResult: ExportResult;
  /** The even slices in the source and in the result, then the uneven ones. */
  verdicts: NiftiVerdict[];
}

async function reduce(name: string, source: string): Promise<Omit<Reduced, 'verdicts'>> {
  const series = await largestSeries(source);
  const count = series.framesPerPhase;
  const step = Math.max(1, Math.floor((count - 1) / 3));
  const even = [0, 1, 2]
    .map((index) => Math.min(1, count - 1) + index * step)
    .filter((slice) => slice < count);
  const uneven = [0, 1, count - 1];
  const evenResult = await exportOf(source, series, even, join(folder, `${name}.even`));
  const unevenResult = await exportOf(source, series, uneven, join(folder, `${name}.uneven`));
  return { even, uneven, step, evenResult, unevenResult };
}

const volumeOf = ({ files }: ExportResult): string => files.find(({ kind }) => kind === 'nifti')?.path ?? '';

describe.skipIf(missing !== null)('a reduced NIfTI volume, judged by nibabel', () => {
  const reduced = new Map<string, Reduced>();

  beforeAll(async () => {
    const volumes = VOLUMES.flatMap((name) => {
      const source = sharedData(`nifti/${name}`);
      return source === null ? [] : [{ name, source }];
    });
    const results = [];
    for (const { name, source } of volumes) results.push({ name, source, ...(await reduce(name, source)) });
    const verdicts = judgeNifti(
      results.flatMap(({ source, even, uneven, evenResult, unevenResult }) => [
        { path: source, slices: even },
        { path: volumeOf(evenResult), slices: null },
        { path: source, slices: uneven },
        { path: volumeOf(unevenResult), slices: null },
      ]),
    );
    results.forEach((result, at) =>
      reduced.set(result.name, { ...result, verdicts: verdicts.slice(4 * at, 4 * at + 4) }),
    );
  });

  it.each(VOLUMES)('%s', async (name) => {
    const result = reduced.get(name);
    if (result === undefined) {
      console.warn(`skipped, nifti/${name} is not there`);
      return;
    }
    const { even, uneven, step, evenResult, unevenResult } = result;
    const [before, after, keptUneven, afterUneven] = result.verdicts;
    if (!before || !after || !keptUneven || !afterUneven) throw new Error('the judge left something out');
    expect(after).toMatchObject({ shape: before.shape, dtype: before.dtype, sha256: before.sha256 });
    expect(after.slope).toEqual(before.slope);
    expect(after.description).toBe(before.description);
    expect(after.orientation).toBe(before.orientation);
    expectNear(after.sform, before.sform && stepped(before.sform, even[0] ?? 0, step));
    expectNear(after.qform, before.qform && stepped(before.qform, even[0] ?? 0, step));
    expect(evenResult.warnings).toEqual([]);

    expect(afterUneven.sha256).toBe(keptUneven.sha256);
    expect(afterUneven.description).toBe('uneven: see volume.json');
    const sidecar = JSON.parse(await readFile(join(unevenResult.out, 'volume.json'), 'utf8')) as {
      sourceSlices: number[];
      positions: (number[] | null)[];
    };
    expect(sidecar.sourceSlices).toEqual(uneven);
    const affine = before.sform ?? before.qform;
    for (const [index, slice] of uneven.entries()) {
      const expected = affine?.slice(0, 3).map((row) => (row[2] ?? 0) * slice + (row[3] ?? 0));
      if (expected !== undefined) expectNear([sidecar.positions[index] ?? []], [expected]);
    }
  });

  it('keeps one phase of a series in time', async () => {
    const source = sharedData('nifti/nib_functional_4d_int16.nii');
    if (source === null) {
      console.warn('skipped, nifti/nib_functional_4d_int16.nii is not there');
      return;
    }
    const series = await largestSeries(source);
    const first = series.framesPerPhase;
    const { files } = await exportOf(source, series, [first, first + 2], join(folder, 'phase'));
    const [verdict] = judgeNifti([{ path: files[0]?.path ?? '', slices: null }]);
    expect(verdict?.shape).toHaveLength(3);
    expect(verdict?.shape[2]).toBe(2);
  });

  it.each(['dicom/ct_chest_lung_60', 'dicom/mr_sag_mprage_192', 'dicom/mr_oblique_20_bigendian'])(
    'made of %s lies where the DICOM slices lie',
    async (path) => {
      const source = sharedData(path);
      if (source === null) {
        console.warn(`skipped, ${path} is not there`);
        return;
      }
      const series = await largestSeries(source);
      const frames = [1, 4, 7];
      const result = await exportOf(source, series, frames, join(folder, `${path.replace('/', '_')}.nifti`), {
        formats: ['nifti'],
      });
      const [verdict] = judgeNifti([{ path: volumeOf(result), slices: null }]);
      const [first, , last] = frames.map((frame) => series.frames[frame]?.position ?? [NaN, NaN, NaN]);
      const corner = (k: number): number[] =>
        (verdict?.affine ?? []).slice(0, 3).map((row) => (row[2] ?? 0) * k + (row[3] ?? 0));
      expectNear([corner(0)], [[-(first?.[0] ?? 0), -(first?.[1] ?? 0), first?.[2] ?? 0]]);
      expectNear([corner(2)], [[-(last?.[0] ?? 0), -(last?.[1] ?? 0), last?.[2] ?? 0]]);
      if (verdict?.qform != null) expectNear(verdict.qform, verdict.sform);
      const modality = series.frames[1]?.modality;
      if (modality?.kind === 'linear') expect(verdict?.slope).toEqual([modality.slope, modality.intercept]);
    },
  );
});
