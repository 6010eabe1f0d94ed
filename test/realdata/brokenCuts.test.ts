/** Real files that end early, wherever that is: the header or the pixels are missing, and that is said. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../src/contract/errors.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const CUTS = 64;
const BUDGET_BYTES = 2 ** 28;
const folder = temporaryFolder();
const FILES = [
  'dicom/pydicom_test_files/MR_small.dcm',
  'dicom/pydicom_test_files/MR_small_implicit.dcm',
  'dicom/pydicom_test_files/MR_small_bigendian.dcm',
  'dicom/pydicom_test_files/MR_small_RLE.dcm',
  'dicom/pydicom_test_files/MR_small_jp2klossless.dcm',
  'dicom/pydicom_test_files/MR_small_jpeg_ls_lossless.dcm',
  'dicom/pydicom_test_files/SC_rgb_jpeg_gdcm.dcm',
  'dicom/pydicom_test_files/SC_rgb_rle_2frame.dcm',
  'dicom/pydicom_test_files/image_dfl.dcm',
  'dicom/pydicom_test_files/rtdose.dcm',
  'nifti/minimal_pair_bigendian.hdr',
  'nifti/five_d_small_uint8.nii',
  'nifti/low_res_7x5x3.nii.gz',
  'nifti/shear_affine.nii.gz',
];
const here = FILES.filter((file) => sharedData(file) !== null);
if (here.length < FILES.length) console.log('skipped in part: the shared data are not there');

/** All frames of a file, or the code of why there are none. */
async function framesOf(path: string): Promise<Frame[] | string> {
  try {
    const [series] = (await readStudy(path)).series;
    if (series === undefined) return 'nothing';
    const files = new UnwrappedFiles(series, new MemoryBudget(BUDGET_BYTES), null);
    try {
      const frames: Frame[] = [];
      for (const record of series.frames) frames.push(await loadFrame(await files.request(record)));
      return frames;
    } finally {
      await files.close();
    }
  } catch (thrown) {
    if (thrown instanceof KeysliceError && thrown.code !== 'INTERNAL') return thrown.code;
    throw thrown;
  }
}

describe.skipIf(here.length === 0)('a real file that ends early', () => {
  it.each(here)('%s', async (file) => {
    const whole = readFileSync(sharedData(file) ?? '');
    const path = join(folder, basename(file, extname(file)), `cut${extname(file)}`);
    mkdirSync(join(folder, basename(file, extname(file))));
    writeFileSync(path, whole);
    const original = await framesOf(path);
    for (let part = 0; part < CUTS; part++) {
      writeFileSync(path, whole.subarray(0, Math.floor((part * whole.length) / CUTS)));
      const found = await framesOf(path);
      // What still opens has lost nothing but padding.
      if (typeof found !== 'string') expect([part, found]).toEqual([part, original]);
    }
    expect(await framesOf(path)).not.toEqual([]);
  });
});
