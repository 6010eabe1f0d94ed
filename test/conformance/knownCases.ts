/**
 * Where decoders part: what Keyslice refuses though a judge gives pixels, what no judge decodes, and which judge is
 * wrong. Each entry says why. Files are named below the shared data.
 */

export interface Refusal {
  code: string;
  why: string;
}

/** Files that a judge decodes and Keyslice refuses. */
export const REFUSED: Readonly<Record<string, Refusal>> = {
  'dicom/broken/cornell_jpegll_bug.dcm': {
    code: 'FRAME_FAILED',
    why: 'The stream holds a Huffman code that does not exist; GDCM and dcmtk go on after it and differ in every pixel.',
  },
  'dicom/broken/fodicom_GH1146.dcm': {
    code: 'HEADER_INCONSISTENT',
    why: 'Pixel Data says that it has no bytes; GDCM takes those that follow, pydicom and dcmtk refuse.',
  },
  'dicom/pydicom_test_files/MR_truncated.dcm': {
    code: 'FILE_TRUNCATED',
    why: 'The last row is cut off; GDCM fills it up, pydicom and dcmtk refuse.',
  },
  'dicom/pydicom_test_files/JPEG2000-embedded-sequence-delimiter.dcm': {
    code: 'HEADER_INCONSISTENT',
    why: 'A delimiter stands in the place of its width; GDCM fails as well and gives an empty image.',
  },
  'nifti/cifti2_row_major.dconn.nii': {
    code: 'NOT_AN_IMAGE',
    why: "A connectivity matrix in NIfTI's clothing.",
  },
  'nifti/surface_overlay_not_a_volume.nii.gz': {
    code: 'NOT_AN_IMAGE',
    why: "Values of a surface in NIfTI's clothing: no axis of it is one of space.",
  },
  'dicom/pydicom_test_files/SC_rgb_small_odd_big_endian.dcm': {
    code: 'FRAME_FAILED',
    why: '27 bytes in big-endian words of 16 bits: the last sample lies in the padding, which belongs to no frame. GDCM and dcmtk read it; pydicom does not swap and is wrong.',
  },
};

export interface Twin {
  twin: string;
  /** Largest difference that is right between the two. */
  atMost: number;
  why: string;
}

const CT = 'dicom/transfer_syntaxes_ct/CTImage.dcm';
const HTJ2K = 'HTJ2K is decoded by no judge.';
const ONE_BIT_RLE = 'RLE of one bit is decoded by no judge.';

/** Files that no judge decodes, or all judges wrongly, with a file of the same image. */
export const TWINS: Readonly<Record<string, Twin>> = {
  [`${CT}_HTJ2KLosslessRPCLTransferSyntax_1.2.840.10008.1.2.4.202.dcm`]: { twin: CT, atMost: 0, why: HTJ2K },
  [`${CT}_HTJ2KLosslessTransferSyntax_1.2.840.10008.1.2.4.201.dcm`]: { twin: CT, atMost: 0, why: HTJ2K },
  [`${CT}_HTJ2KLossyTransferSyntax_1.2.840.10008.1.2.4.203.dcm`]: {
    twin: CT,
    atMost: 200,
    why: `${HTJ2K} Lossy: the difference is that of the compression, of some 4000 levels.`,
  },
  'dicom/pydicom_data/HTJ2K_08_RGB.dcm': {
    twin: 'dicom/pydicom_data/HTJ2KLossless_08_RGB.dcm',
    atMost: 5,
    why: `${HTJ2K} Lossy.`,
  },
  'dicom/pydicom_data/HTJ2KLossless_08_RGB.dcm': {
    twin: 'dicom/pydicom_data/HTJ2K_08_RGB.dcm',
    atMost: 5,
    why: `${HTJ2K} The twin is lossy.`,
  },
  'dicom/nema_wg04/RG3_JPLY.dcm': {
    twin: 'dicom/pydicom_data/RG3_J2KI.dcm',
    atMost: 47,
    why:
      'The lossy stream overshoots its 10 stored bits in 8 pixels. GDCM, and pydicom with it, cuts the bit off: black for ' +
      'white; dcmtk keeps a value that the header excludes; Keyslice gives the brightest level, 1023. The twin is lossy ' +
      'as well, on average 1.7 levels away.',
  },
  'dicom/pydicom_data/liver_deflate.dcm': {
    twin: 'dicom/pydicom_data/liver.dcm',
    atMost: 0,
    why: 'Frames that are deflated one by one are decoded by no judge.',
  },
  'dicom/pydicom_data/liver_rle.dcm': { twin: 'dicom/pydicom_data/liver.dcm', atMost: 0, why: ONE_BIT_RLE },
  'dicom/pydicom_data/liver_nonbyte_aligned_rle.dcm': {
    twin: 'dicom/pydicom_data/liver_nonbyte_aligned.dcm',
    atMost: 0,
    why: ONE_BIT_RLE,
  },
  'dicom/pydicom_data/emri_small_jpeg_2k_lossless_too_short.dcm': {
    twin: 'dicom/pydicom_data/emri_small_jpeg_2k_lossless.dcm',
    atMost: 0,
    why: 'The last fragment has no delimiter: pydicom loses the pixel data, GDCM gives other pixels in most frames.',
  },
};

/** Files that no judge decodes and that have no twin, with the reason. */
export const UNJUDGED: Readonly<Record<string, string>> = {
  'dicom/pydicom_data/OT-PAL-8-face.dcm': 'Without a transfer syntax the judges decode nothing.',
  'dicom/broken/orthanc_multiframe_windowing_2x2_4f.dcm':
    'Samples per Pixel is missing: the judges refuse, Keyslice takes one.',
};

export interface WrongJudge {
  files: readonly string[];
  judges: readonly string[];
  why: string;
}

/** Judges that differ from Keyslice, and why they are the ones that are wrong. */
export const WRONG_JUDGES: readonly WrongJudge[] = [
  {
    files: ['dicom/pydicom_data/OBXXXX1A_expb.dcm'],
    judges: ['pydicom', 'GDCM'],
    why:
      'Samples of 8 bits as OW in big-endian words: their bytes must be swapped in pairs (PS3.5 A.3). dcmtk does it as ' +
      'Keyslice does, and the result is the image of OBXXXX1A_rle.dcm.',
  },
  {
    files: [
      'dicom/pydicom_test_files/SC_jpeg_no_color_transform.dcm',
      'dicom/pydicom_test_files/SC_rgb_jpeg.dcm',
    ],
    judges: ['pydicom'],
    why:
      'RGB without a marking in the stream, which Pillow takes for YCbCr. GDCM follows the header as Keyslice does, and ' +
      'the result is the image of SC_rgb_jpeg_dcmd.dcm, which dcmtk decoded.',
  },
  {
    files: ['16bit', '16bit_2frame', '32bit', '32bit_2frame'].map(
      (name) => `dicom/pydicom_test_files/SC_rgb_rle_${name}.dcm`,
    ),
    judges: ['GDCM'],
    why:
      'RLE colour of more than 8 bits: GDCM mixes the bytes of different samples (its red is 0, 65280, 255). pydicom and ' +
      'dcmtk agree with Keyslice.',
  },
  {
    files: ['dicom/pydicom_test_files/rtdose_expb.dcm', 'dicom/pydicom_test_files/rtdose_expb_1frame.dcm'],
    judges: ['GDCM', 'dcmtk'],
    why:
      'Samples of 32 bits as OW: GDCM and dcmtk swap words of 16 bits, the writer of the file swapped all four bytes. ' +
      'pydicom and Keyslice give the doses of rtdose.dcm.',
  },
  {
    files: ['dicom/enhanced_mr_j2k_multifragment_19f/jpeg2000-multiframe-multifragments.dcm'],
    judges: ['GDCM'],
    why:
      'The lossy stream has more bits than Bits Stored and overshoots its 12 bits in some 200 pixels. GDCM widens the ' +
      'header and gives up to 4170; Keyslice, and the reference from pydicom, keep the 12 bits and warn. The values of ' +
      'these pixels are not to be trusted on either side.',
  },
  {
    files: ['dicom/broken/wrong_transfer_syntax_20.dcm'],
    judges: ['pydicom'],
    why:
      'Declared as JPEG-LS, and one block of plain pixels. pydicom takes them for a stream; GDCM sees what they are, as ' +
      'Keyslice does, which warns.',
  },
];

/** Why a judge is known to be wrong about a file; null where it is not. */
export function whyWrong(file: string, judge: string): string | null {
  return (
    WRONG_JUDGES.find(({ files, judges }) => files.includes(file) && judges.includes(judge))?.why ?? null
  );
}
