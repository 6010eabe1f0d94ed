import { videoContainer, type VideoContainer } from '../video/videoContainer.ts';

export type FileKind =
  | { kind: 'dicom'; preamble: boolean }
  | { kind: 'nifti' }
  | { kind: 'gzip' }
  | { kind: 'zip' }
  | { kind: 'video'; container: VideoContainer }
  | { kind: 'other'; reason: string };

const DICOM_PREFIX_OFFSET = 128;

/** What the first bytes of a file say that it is; names are not looked at. */
export function fileKind(head: Uint8Array): FileKind {
  if (head.length === 0) return { kind: 'other', reason: 'the file is empty' };
  if (latin1(head, DICOM_PREFIX_OFFSET, 4) === 'DICM') return { kind: 'dicom', preamble: true };
  if (isNiftiHeader(head)) return { kind: 'nifti' };
  if (head[0] === 0x1f && head[1] === 0x8b) return { kind: 'gzip' };
  if (ZIP_SIGNATURES.includes(latin1(head, 0, 4))) return { kind: 'zip' };
  const container = videoContainer(head);
  if (container !== null) return { kind: 'video', container };
  const known = SIGNATURES.find(({ at, text }) => latin1(head, at, text.length) === text);
  if (known !== undefined) return { kind: 'other', reason: known.reason };
  if (looksLikeDataSet(head)) return { kind: 'dicom', preamble: false };
  return {
    kind: 'other',
    reason: isText(head) ? 'it is a text file' : 'it is neither DICOM nor NIfTI nor a video',
  };
}

/** APPNOTE.TXT 4.3.7, 4.3.16, 8.5.3: a first member, an archive without members, one part of several. */
const ZIP_SIGNATURES = ['PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0007\u0008'];

const SIGNATURES: readonly { at: number; text: string; reason: string }[] = [
  { at: 0, text: '%PDF', reason: 'it is a PDF document' },
  { at: 0, text: '\u0089PNG', reason: 'it is a PNG picture' },
  { at: 0, text: 'ÿØÿ', reason: 'it is a JPEG picture' },
];

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}

const NIFTI1_MAGICS = ['n+1\0', 'ni1\0'];
const NIFTI2_MAGICS = ['n+2\0\r\n\u001a\n', 'ni2\0\r\n\u001a\n'];

/** The magic where its version has it (nifti1.h, nifti2.h). */
function isNiftiHeader(head: Uint8Array): boolean {
  return NIFTI1_MAGICS.includes(latin1(head, 344, 4)) || NIFTI2_MAGICS.includes(latin1(head, 4, 8));
}

/**
 * A data set without preamble: it starts with an element of group 0002 to 0010 (PS3.5 7.1), with a value
 * representation or, implicit, a length that fits.
 */
function looksLikeDataSet(head: Uint8Array): boolean {
  if (head.length < 16) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const littleEndian = view.getUint16(0, true) < 0x100;
  const group = view.getUint16(0, littleEndian);
  if (group < 2 || group > 0x10 || group % 2 === 1) return false;
  if (isValueRepresentation(latin1(head, 4, 2))) return true;
  return littleEndian && view.getUint32(4, true) < 1024 && view.getUint16(2, true) < 0x3000;
}

const VALUE_REPRESENTATIONS = new Set(
  'AE AS AT CS DA DS DT FL FD IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' ',
  ),
);

/** Whether two letters name a value representation (PS3.5 6.2): how explicit data sets are told from implicit. */
export function isValueRepresentation(letters: string): boolean {
  return VALUE_REPRESENTATIONS.has(letters);
}

function isText(head: Uint8Array): boolean {
  return head.subarray(0, 512).every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}
