import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../src/contract/errors.ts';
import type { Series, Study } from '../../src/contract/series.ts';
import { formatPersonName } from '../../src/imaging/dicom/personName.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { askJudge, pythonHas } from '../support/pythonJudge.ts';
import { sharedData } from '../support/sharedData.ts';

const dicom = sharedData('dicom');
const nifti = sharedData('nifti');
if (dicom === null || nifti === null) console.log('skipped: the shared data are not there');
const judged = pythonHas('pydicom') && pythonHas('nibabel');

const folder = (name: string): string => join(dicom ?? '', name);
const filesUnder = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** What a path gives: its study, or the code of its error. An INTERNAL error fails the test. */
async function outcome(path: string): Promise<Study | string> {
  try {
    return await readStudy(path);
  } catch (thrown) {
    if (thrown instanceof KeysliceError && thrown.code !== 'INTERNAL') return thrown.code;
    throw thrown;
  }
}

describe.skipIf(dicom === null)('series of real DICOM folders', () => {
  const volume = { kind: 'volume', phases: 1 };
  it.each([
    ['ct_chest_lung_60', [{ ...volume, framesPerPhase: 60, codes: [] }]],
    ['mr_sag_mprage_192', [{ ...volume, framesPerPhase: 192, codes: [] }]],
    ['mr_4d_fmri_ge_150', [{ kind: 'volume', phases: 10, framesPerPhase: 15, codes: [] }]],
    [
      'mr_dwi_philips_b0_b1000_64',
      [
        { ...volume, framesPerPhase: 32, description: 'DTI_Biobank_2mm_MB3S2_EPI (b 0)' },
        { ...volume, framesPerPhase: 32, description: 'DTI_Biobank_2mm_MB3S2_EPI (b 1000)' },
      ],
    ],
    ['ct_uneven_spacing_4', [{ ...volume, framesPerPhase: 4, codes: ['SPACING_UNEVEN', 'SLICES_MISSING'] }]],
    ['ct_gantry_tilt_4', [{ ...volume, framesPerPhase: 4, codes: ['GANTRY_TILT'] }]],
    [
      'mr_mixed_orientation_4',
      [
        { ...volume, framesPerPhase: 2 },
        { ...volume, framesPerPhase: 2 },
      ],
    ],
    ['mr_oblique_20_littleendian', [{ ...volume, framesPerPhase: 20, codes: ['SPACING_UNEVEN'] }]],
    ['enhanced_mr_flair_24f', [{ ...volume, framesPerPhase: 24, codes: [] }]],
    ['enhanced_mr_siemens_xa10_4x6f', [{ kind: 'volume', phases: 4, framesPerPhase: 6 }]],
    [
      'enhanced_mr_philips_b0map_64f',
      [
        { ...volume, framesPerPhase: 32 },
        { ...volume, framesPerPhase: 32 },
      ],
    ],
    ['enhanced_mr_temporal_19f', [{ kind: 'cine', phases: 1, framesPerPhase: 19 }]],
    ['xa_cine_96f', [{ kind: 'cine', phases: 1, framesPerPhase: 96, frameTimeMs: 33 }]],
    ['mr_heart_cine_16f', [{ kind: 'cine', phases: 1, framesPerPhase: 16, frameTimeMs: 69.47 }]],
    [
      'us_cine',
      [
        { kind: 'cine', framesPerPhase: 65, frameTimeMs: 33.333 },
        { kind: 'cine', framesPerPhase: 34, frameTimeMs: 30 },
        { kind: 'cine', framesPerPhase: 10, frameTimeMs: 76 },
        { kind: 'cine', framesPerPhase: 10, frameTimeMs: 76 },
      ],
    ],
  ])('%s', async (name, expected) => {
    const { series, failures } = await readStudy(folder(name));
    const found = series.map((each) => ({
      ...each,
      codes: each.warnings.map(({ code }) => code),
      frameTimeMs: each.cine?.frameTimeMs,
    }));
    expect(found).toMatchObject(expected);
    expect(failures).toEqual([]);
  });

  it('the same in both byte orders', async () => {
    const [little, big] = await Promise.all(
      ['mr_oblique_20_littleendian', 'mr_oblique_20_bigendian'].map(async (name) => readStudy(folder(name))),
    );
    const comparable = (study: Study | undefined): unknown =>
      study?.series.map(({ id, geometry, frames, patientLabel }) => [
        id,
        geometry,
        patientLabel,
        frames.map(({ sopInstanceUid, position, windows, modality }) => [
          sopInstanceUid,
          position,
          windows,
          modality,
        ]),
      ]);
    expect(comparable(big)).toEqual(comparable(little));
  });

  it('a tilt of fourteen degrees', async () => {
    const [series] = (await readStudy(folder('ct_gantry_tilt_4'))).series;
    expect(series?.geometry.shearDegrees).toBeCloseTo(14, 1);
  });
});

describe.skipIf(dicom === null || !judged)('stacks beside pydicom and numpy', () => {
  it.each([
    'ct_chest_lung_60',
    'mr_sag_mprage_192',
    'mr_oblique_20_littleendian',
    'ct_gantry_tilt_4',
    'ct_uneven_spacing_4',
  ])('%s', async (name) => {
    const answer = askJudge('headers.py', { stacks: { [name]: filesUnder(folder(name)) } }) as {
      stacks: Record<string, { instances: string[]; steps: number[]; affine: number[][] }>;
    };
    const expected = answer.stacks[name];
    const [series] = (await readStudy(folder(name))).series;
    expect(series?.frames.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(expected?.instances);
    expectClose(series?.geometry.affine, expected?.affine, 1e-9);
    const sorted = [...(expected?.steps ?? [])].sort((a, b) => a - b);
    expect(series?.geometry.sliceSpacing).toBeCloseTo(sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN, 9);
  });
});

function expectClose(
  actual: readonly (readonly number[])[] | null | undefined,
  expected: readonly (readonly number[])[] | undefined,
  tolerance: number,
): void {
  const differences =
    expected?.flat().map((value, index) => Math.abs(value - (actual?.flat()[index] ?? NaN))) ?? [];
  expect(differences).toHaveLength(16);
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}

interface JudgedHeader {
  error?: string;
  rows: number;
  columns: number;
  frames: number;
  name: string;
  id: string;
}

describe.skipIf(dicom === null || !judged)('single files beside pydicom', () => {
  it('have the same size, frames and patient', async () => {
    const paths = ['pydicom_test_files', 'pydicom_data', 'other_images', 'nema_wg04', 'pt', 'nm'].flatMap(
      (name) => filesUnder(folder(name)),
    );
    const { dicom: headers } = askJudge('headers.py', { dicom: paths }) as {
      dicom: Record<string, JudgedHeader>;
    };
    let compared = 0;
    for (const path of paths) {
      const study = await outcome(path);
      const header = headers[path];
      if (typeof study === 'string' || header === undefined || header.error !== undefined) continue;
      compared++;
      const all = study.series.flatMap(({ frames }) => frames);
      // A name that is also the number stands once.
      const parts = new Set([formatPersonName(header.name), header.id]);
      const label = [...parts].filter((part) => part !== '').join(' · ');
      expect([
        path,
        all.length,
        all[0]?.pixel.rows,
        all[0]?.pixel.columns,
        study.series[0]?.patientLabel,
      ]).toEqual([path, header.frames, header.rows, header.columns, label]);
    }
    expect(compared).toBeGreaterThan(150);
  });
});

interface JudgedVolume {
  error?: string;
  shape: number[];
  placed: boolean;
  affine: number[][];
  slope: number;
  intercept: number;
}

describe.skipIf(nifti === null || !judged)('NIfTI files beside nibabel', () => {
  it('have the same shape, place and scaling', async () => {
    const paths = filesUnder(nifti ?? '').filter(
      (path) => /\.(nii|hdr)(\.gz)?$/.test(path) && !path.includes('broken'),
    );
    const { nifti: volumes } = askJudge('headers.py', { nifti: paths }) as {
      nifti: Record<string, JudgedVolume>;
    };
    let compared = 0;
    for (const path of paths) {
      const study = await outcome(path);
      const volume = volumes[path];
      if (typeof study === 'string') {
        expect([basename(path), study]).toEqual([expect.stringMatching(/surface|cifti/), 'NOT_AN_IMAGE']);
        continue;
      }
      compared++;
      compareVolume(path, study.series[0], volume);
    }
    expect(compared).toBeGreaterThan(45);
  });
});

function compareVolume(path: string, series: Series | undefined, volume: JudgedVolume | undefined): void {
  const [columns = 1, rows = 1, slices = 1, ...volumes] = volume?.shape ?? [];
  const frame = series?.frames[0];
  expect([path, frame?.pixel.columns, frame?.pixel.rows, series?.framesPerPhase, series?.phases]).toEqual([
    path,
    columns,
    rows,
    slices,
    volumes.reduce((product, size) => product * size, 1),
  ]);
  const modality = frame?.modality;
  if (modality?.kind !== 'linear') throw new Error(`${path} is not scaled linearly`);
  expect([path, modality.slope, modality.intercept]).toEqual([path, volume?.slope, volume?.intercept]);
  if (volume?.placed !== true) {
    expect([path, series?.geometry.affine, series?.warnings[0]?.code]).toEqual([
      path,
      null,
      'GEOMETRY_UNKNOWN',
    ]);
    return;
  }
  const lps = volume.affine.map((row, axis) => row.map((value) => (axis < 2 ? -value : value)));
  expectClose(series?.geometry.affine, lps, 1e-4);
}

describe.skipIf(dicom === null || nifti === null)('broken and foreign files', () => {
  it('give a coded reason each, and hold nothing up', async () => {
    const paths = ['broken', 'non_image'].flatMap((name) => filesUnder(folder(name)));
    const outcomes = await Promise.all([...paths, ...filesUnder(join(nifti ?? '', 'broken'))].map(outcome));
    const codes = new Set(outcomes.filter((each) => typeof each === 'string'));
    expect([...codes].sort()).toEqual([
      'FILE_TRUNCATED',
      'FILE_UNREADABLE',
      'HEADER_INCONSISTENT',
      'LIMIT_EXCEEDED',
      'NOT_AN_IMAGE',
    ]);
  });

  it.each([
    ['broken/orthanc_oob_rows_65535_tiny.dcm', 'HEADER_INCONSISTENT'],
    ['broken/orthanc_oob_rows_46341_no_data.dcm', 'HEADER_INCONSISTENT'],
    ['broken/orthanc_deeply_nested_sequence.dcm', 'LIMIT_EXCEEDED'],
    ['broken/dwv_no_number_rows.dcm', 'HEADER_INCONSISTENT'],
    ['broken/fodicom_GH626.dcm', 'FILE_TRUNCATED'],
    ['broken/orthanc_header_only_512x512.dcm', 'NOT_AN_IMAGE'],
    ['non_image/sr_comprehensive.dcm', 'NOT_AN_IMAGE'],
    ['non_image/encapsulated_pdf.dcm', 'NOT_AN_IMAGE'],
    ['pydicom_test_files/MR_truncated.dcm', 'FILE_TRUNCATED'],
    ['other_images/us_jpegxl_27f.dcm', 'TRANSFER_SYNTAX_UNSUPPORTED'],
  ])('%s is %s', async (path, code) => {
    expect(await outcome(folder(path))).toBe(code);
  });

  it('in a folder do not keep the others from opening', async () => {
    const { series, failures } = await readStudy(folder('broken'));
    expect(series.flatMap(({ files }) => files).length + failures.length).toBe(
      filesUnder(folder('broken')).length,
    );
    expect(series.length).toBeGreaterThan(5);
  });
});
