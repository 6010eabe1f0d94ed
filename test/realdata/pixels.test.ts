import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KeysliceError } from '../../src/contract/errors.ts';
import type { Frame } from '../../src/contract/frame.ts';
import { loadFrame } from '../../src/imaging/frames/loadFrame.ts';
import { MemoryBudget } from '../../src/imaging/frames/memoryBudget.ts';
import { UnwrappedFiles } from '../../src/imaging/frames/unwrappedFiles.ts';
import { readStudy } from '../../src/imaging/readStudy.ts';
import { sharedData } from '../support/sharedData.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { judge, judgeMissing } from './pixelsJudge.ts';
import type { JudgedFile } from './pixelsJudge.ts';

const FOLDERS = [
  'nifti',
  'dicom/transfer_syntaxes_ct',
  'dicom/transfer_syntaxes_mr_mosaic',
  'dicom/color_photometrics',
  'dicom/nema_wg04',
  'dicom/us_cine',
  'dicom/xa_cine_96f',
  'dicom/mr_heart_cine_16f',
  'dicom/mr_oblique_20_bigendian',
  'dicom/enhanced_ct_perfusion_2f',
  'dicom/enhanced_mr_bruker_4f',
  'dicom/enhanced_mr_color_dti_64f',
  'dicom/enhanced_mr_flair_24f',
  'dicom/enhanced_mr_j2k_multifragment_19f',
  'dicom/enhanced_mr_metabolite_256f',
  'dicom/enhanced_mr_philips_b0map_64f',
  'dicom/enhanced_mr_siemens_xa10_4x6f',
  'dicom/enhanced_mr_stacks_12f',
  'dicom/enhanced_mr_temporal_19f',
  'dicom/nm',
  'dicom/pt',
  'dicom/other_images',
  'dicom/pydicom_data',
  'dicom/pydicom_test_files',
];

/** Files that the judges decode and Keyslice refuses, with the code. */
const REFUSED: Readonly<Record<string, string>> = {
  // A delimiter stands in the place of its width; GDCM fails as well and gives an empty image.
  'dicom/pydicom_test_files/JPEG2000-embedded-sequence-delimiter.dcm': 'HEADER_INCONSISTENT',
  // Matrices and surfaces in NIfTI's clothing.
  'nifti/cifti2_row_major.dconn.nii': 'NOT_AN_IMAGE',
  'nifti/surface_overlay_not_a_volume.nii.gz': 'NOT_AN_IMAGE',
  // 27 bytes in 16-bit words: the last pixel lies outside the frame.
  'dicom/pydicom_test_files/SC_rgb_small_odd_big_endian.dcm': 'FRAME_FAILED',
};

/**
 * Files that no judge can decode, or whose reference is wrong, with a file of the same image and the largest
 * difference that is right between the two.
 */
const TWINS: Readonly<Record<string, { twin: string; atMost: number }>> = {
  // HTJ2K is decoded by none of them.
  'dicom/transfer_syntaxes_ct/CTImage.dcm_HTJ2KLosslessRPCLTransferSyntax_1.2.840.10008.1.2.4.202.dcm': {
    twin: 'dicom/transfer_syntaxes_ct/CTImage.dcm',
    atMost: 0,
  },
  'dicom/transfer_syntaxes_ct/CTImage.dcm_HTJ2KLosslessTransferSyntax_1.2.840.10008.1.2.4.201.dcm': {
    twin: 'dicom/transfer_syntaxes_ct/CTImage.dcm',
    atMost: 0,
  },
  // Lossy: of some 4000 levels.
  'dicom/transfer_syntaxes_ct/CTImage.dcm_HTJ2KLossyTransferSyntax_1.2.840.10008.1.2.4.203.dcm': {
    twin: 'dicom/transfer_syntaxes_ct/CTImage.dcm',
    atMost: 200,
  },
  'dicom/pydicom_data/HTJ2K_08_RGB.dcm': { twin: 'dicom/pydicom_data/HTJ2KLossless_08_RGB.dcm', atMost: 5 },
  'dicom/pydicom_data/HTJ2KLossless_08_RGB.dcm': { twin: 'dicom/pydicom_data/HTJ2K_08_RGB.dcm', atMost: 5 },
  // pydicom knows no RLE of one bit.
  'dicom/pydicom_data/liver_rle.dcm': { twin: 'dicom/pydicom_data/liver.dcm', atMost: 0 },
  'dicom/pydicom_data/liver_nonbyte_aligned_rle.dcm': {
    twin: 'dicom/pydicom_data/liver_nonbyte_aligned.dcm',
    atMost: 0,
  },
  // pydicom does not know deflated frames.
  'dicom/pydicom_data/liver_deflate.dcm': { twin: 'dicom/pydicom_data/liver.dcm', atMost: 0 },
  // pydicom loses the pixel data, whose last fragment has no delimiter.
  'dicom/pydicom_data/emri_small_jpeg_2k_lossless_too_short.dcm': {
    twin: 'dicom/pydicom_data/emri_small_jpeg_2k_lossless.dcm',
    atMost: 0,
  },
  // pydicom does not swap 8-bit pixels in big-endian words.
  'dicom/pydicom_data/OBXXXX1A_expb.dcm': { twin: 'dicom/pydicom_data/OBXXXX1A_rle.dcm', atMost: 0 },
  // Unmarked RGB, which Pillow takes for YCbCr; the twin was decoded by DCMTK.
  'dicom/pydicom_test_files/SC_rgb_jpeg.dcm': {
    twin: 'dicom/pydicom_test_files/SC_rgb_jpeg_dcmd.dcm',
    atMost: 0,
  },
  'dicom/pydicom_test_files/SC_jpeg_no_color_transform.dcm': {
    twin: 'dicom/pydicom_test_files/SC_rgb_jpeg_dcmd.dcm',
    atMost: 0,
  },
};

const UNJUDGED = [
  // Without a transfer syntax pydicom's handlers decode nothing, and there is no twin.
  'dicom/pydicom_data/OT-PAL-8-face.dcm',
  // pydicom knows no progressive JPEG; jpegTwelveBits.test.ts has DCMTK as its judge.
  'dicom/transfer_syntaxes_ct/CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm',
  'dicom/transfer_syntaxes_ct/CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm',
  // The stream overshoots its 10 stored bits in 8 pixels (1024): GDCM cuts the bit off and gives 0, DCMTK keeps 1024,
  // Keyslice gives 1023, the highest level; jpegTwelveBits.test.ts compares it with DCMTK.
  'dicom/nema_wg04/RG3_JPLY.dcm',
];

/** Lossless grey is equal; lossy and YBR decoders may differ in their rounding, complex magnitudes in float32's. */
const TOLERANCE = 2;
const COMPLEX_TOLERANCE = 1e-6;

interface OurFrame extends Frame {
  lossy: boolean;
}

type Ours = readonly OurFrame[] | string;

/** The frames of a file in the order of the file, or the code of the error that it gives. */
async function framesOf(path: string): Promise<Ours> {
  try {
    const { series } = await readStudy(path);
    const frames: OurFrame[] = [];
    for (const each of series) {
      const files = new UnwrappedFiles(each, new MemoryBudget(2 ** 32));
      for (const record of each.frames) {
        const frame = await loadFrame(await files.request(record));
        frames[record.source.indexInFile] = { ...frame, lossy: record.lossy };
      }
      files.close();
    }
    return frames;
  } catch (thrown) {
    if (thrown instanceof KeysliceError && thrown.code !== 'INTERNAL') return thrown.code;
    throw thrown;
  }
}

/** Largest difference; infinite where number, size or type differ. Magnitudes count relative to the value. */
function difference(frames: readonly Frame[], judged: JudgedFile, complex: boolean): number {
  if (frames.length !== judged.frames) return Infinity;
  let worst = 0;
  frames.forEach((frame, index) => {
    const reference = judged.frame(index);
    if (frame.dtype !== judged.dtype) worst = Infinity;
    worst = Math.max(worst, largestGap(frame.values, reference, complex));
  });
  return worst;
}

function largestGap(ours: ArrayLike<number>, theirs: ArrayLike<number>, relativeToValue: boolean): number {
  if (ours.length !== theirs.length) return Infinity;
  let worst = 0;
  for (let i = 0; i < ours.length; i++) {
    const gap = Math.abs(ours[i]! - theirs[i]!);
    if (gap > 0) worst = Math.max(worst, relativeToValue ? gap / Math.abs(theirs[i]!) : gap);
  }
  return worst;
}

/** What is wrong with a file, or null. */
async function faultOf(file: string, path: string, theirs: JudgedFile | string): Promise<string | null> {
  const ours = await framesOf(path);
  if (typeof ours === 'string') {
    if (typeof theirs === 'string' || REFUSED[file] === ours) return null;
    return `refused with ${ours}`;
  }
  if (file in REFUSED) return 'is listed as refused and is not';
  if (typeof theirs === 'string') return `the judge cannot decode it: ${theirs}`;
  const complex = file.includes('complex');
  const rounded = ours.some((frame) => frame.lossy || frame.samples === 3);
  const worst = difference(ours, theirs, complex);
  return worst <= (complex ? COMPLEX_TOLERANCE : rounded ? TOLERANCE : 0) ? null : `differs by ${worst}`;
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const present = FOLDERS.flatMap((name) => {
  const folder = sharedData(name);
  if (folder === null) console.log(`skipped: frames of ${name}: the folder is absent`);
  return folder === null ? [] : [{ name, folder }];
});

const missing = judgeMissing();
if (missing !== null) console.log(`skipped: frames against pydicom, GDCM and nibabel: ${missing}`);
const scratch = temporaryFolder();

describe.runIf(missing === null)('stored values and colours are those of pydicom, GDCM and nibabel', () => {
  it.each(present)('$name', async ({ name, folder }) => {
    const paths = filesUnder(folder);
    const judged = await judge(paths, scratch);
    const faults: string[] = [];
    let compared = 0;
    for (const path of paths) {
      const file = `${name}/${relative(folder, path)}`;
      if (file in TWINS || UNJUDGED.includes(file)) continue;
      const theirs = judged.get(path) ?? 'it was not asked';
      const fault = await faultOf(file, path, theirs);
      if (fault !== null) faults.push(`${file}: ${fault}`);
      else if (typeof theirs !== 'string') compared++;
    }
    expect(faults).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });
});

describe('files that no judge decodes show the image of their twin', () => {
  it.each(Object.entries(TWINS))('%s', async (file, { twin, atMost }) => {
    const path = sharedData(file);
    const twinPath = sharedData(twin);
    if (path === null || twinPath === null) {
      console.log(`skipped: ${file}: the file or its twin is absent`);
      return;
    }
    const [ours, theirs] = await Promise.all([framesOf(path), framesOf(twinPath)]);
    if (typeof ours === 'string' || typeof theirs === 'string') throw new Error('refused');
    expect(ours.length).toBe(theirs.length);
    const gaps = ours.map((frame, index) => largestGap(frame.values, theirs[index]?.values ?? [], false));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(atMost);
  });
});
