import { KeysliceError, type Facts } from '../../contract/errors.ts';
import { undecodedName } from './undecodedSyntaxes.ts';

/** How a transfer syntax stores the data set (PS3.5 section 10 and Annex A). */
export interface TransferSyntax {
  uid: string;
  name: string;
  explicit: boolean;
  littleEndian: boolean;
  deflated: boolean;
  /** Pixel data lie in fragments of a compressed stream. */
  encapsulated: boolean;
  /** Byte order of native pixel data, where a private syntax differs from its data set. */
  littleEndianPixels: boolean;
}

export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

const plain = {
  explicit: true,
  littleEndian: true,
  deflated: false,
  encapsulated: false,
  littleEndianPixels: true,
};

const NATIVE: readonly TransferSyntax[] = [
  { ...plain, uid: IMPLICIT_LITTLE_ENDIAN, name: 'Implicit VR Little Endian', explicit: false },
  { ...plain, uid: EXPLICIT_LITTLE_ENDIAN, name: 'Explicit VR Little Endian' },
  {
    ...plain,
    uid: EXPLICIT_BIG_ENDIAN,
    name: 'Explicit VR Big Endian',
    littleEndian: false,
    littleEndianPixels: false,
  },
  { ...plain, uid: '1.2.840.10008.1.2.1.99', name: 'Deflated Explicit VR Little Endian', deflated: true },
  // GE: implicit little endian data set, big-endian pixels.
  {
    ...plain,
    uid: '1.2.840.113619.5.2',
    name: 'GE Private Implicit VR Little Endian, big-endian pixels',
    explicit: false,
    littleEndianPixels: false,
  },
];

/** Names as in PS3.6 Annex A. */
const ENCAPSULATED: readonly (readonly [suffix: string, name: string])[] = [
  ['1.98', 'Encapsulated Uncompressed Explicit VR Little Endian'],
  ['4.50', 'JPEG Baseline (Process 1)'],
  ['4.51', 'JPEG Extended (Process 2 and 4)'],
  ['4.53', 'JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)'],
  ['4.55', 'JPEG Full Progression, Non-Hierarchical (Process 10 and 12)'],
  ['4.57', 'JPEG Lossless, Non-Hierarchical (Process 14)'],
  ['4.70', 'JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])'],
  ['4.80', 'JPEG-LS Lossless Image Compression'],
  ['4.81', 'JPEG-LS Lossy (Near-Lossless) Image Compression'],
  ['4.90', 'JPEG 2000 Image Compression (Lossless Only)'],
  ['4.91', 'JPEG 2000 Image Compression'],
  ['4.201', 'High-Throughput JPEG 2000 Image Compression (Lossless Only)'],
  ['4.202', 'High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)'],
  ['4.203', 'High-Throughput JPEG 2000 Image Compression'],
  ['5', 'RLE Lossless'],
  ['8.1', 'Deflated Image Frame Compression'],
];

/** Video streams (PS3.5 A.4.5 to A.4.7, 8.2.5 to 8.2.8, 8.2.11): all frames are one stream. */
const VIDEO: readonly (readonly [suffix: string, name: string])[] = [
  ['4.100', 'MPEG2 Main Profile / Main Level'],
  ['4.100.1', 'Fragmentable MPEG2 Main Profile / Main Level'],
  ['4.101', 'MPEG2 Main Profile / High Level'],
  ['4.101.1', 'Fragmentable MPEG2 Main Profile / High Level'],
  ['4.102', 'MPEG-4 AVC/H.264 High Profile / Level 4.1'],
  ['4.102.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1'],
  ['4.103', 'MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1'],
  ['4.103.1', 'Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1'],
  ['4.104', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video'],
  ['4.104.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video'],
  ['4.105', 'MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video'],
  ['4.105.1', 'Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video'],
  ['4.106', 'MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2'],
  ['4.106.1', 'Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2'],
  ['4.107', 'HEVC/H.265 Main Profile / Level 5.1'],
  ['4.108', 'HEVC/H.265 Main 10 Profile / Level 5.1'],
];

const TABLE: ReadonlyMap<string, TransferSyntax> = new Map(
  [
    ...NATIVE,
    ...[...ENCAPSULATED, ...VIDEO].map(([suffix, name]): TransferSyntax => {
      return { ...plain, uid: `1.2.840.10008.1.2.${suffix}`, name, encapsulated: true };
    }),
  ].map((syntax) => [syntax.uid, syntax]),
);

/** The transfer syntax of a UID, or null when Keyslice does not decode it. */
export function transferSyntax(uid: string): TransferSyntax | null {
  return TABLE.get(uid) ?? null;
}

/** The error for a transfer syntax that is not decoded: its UID, and its name where the standard has one. */
export function unsupportedSyntax(uid: string, facts: Facts = {}, path?: string): KeysliceError {
  const name = transferSyntax(uid)?.name ?? undecodedName(uid) ?? 'private or unknown';
  return new KeysliceError('TRANSFER_SYNTAX_UNSUPPORTED', { uid, name, ...facts }, { path });
}

/** Which bare stream a video syntax holds when it is in no container; null: its pixel data are no video. */
export function videoStream(uid: string): 'mpegvideo' | 'h264' | 'hevc' | null {
  if (!VIDEO.some(([suffix]) => uid === `1.2.840.10008.1.2.${suffix}`)) return null;
  const member = Number(uid.split('.')[7]);
  return member < 102 ? 'mpegvideo' : member < 107 ? 'h264' : 'hevc';
}
