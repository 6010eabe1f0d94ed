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

const ENCAPSULATED: readonly (readonly [suffix: string, name: string])[] = [
  ['5', 'RLE Lossless'],
  ['4.50', 'JPEG Baseline'],
  ['4.51', 'JPEG Extended'],
  ['4.53', 'JPEG Spectral Selection'],
  ['4.55', 'JPEG Full Progression'],
  ['4.57', 'JPEG Lossless'],
  ['4.70', 'JPEG Lossless, First-Order Prediction'],
  ['4.80', 'JPEG-LS Lossless'],
  ['4.81', 'JPEG-LS Near-Lossless'],
  ['4.90', 'JPEG 2000 Lossless'],
  ['4.91', 'JPEG 2000'],
  ['4.201', 'HTJ2K Lossless'],
  ['4.202', 'HTJ2K Lossless RPCL'],
  ['4.203', 'HTJ2K'],
];

const TABLE: ReadonlyMap<string, TransferSyntax> = new Map(
  [
    ...NATIVE,
    ...ENCAPSULATED.map(([suffix, name]): TransferSyntax => {
      return { ...plain, uid: `1.2.840.10008.1.2.${suffix}`, name, encapsulated: true };
    }),
  ].map((syntax) => [syntax.uid, syntax]),
);

/** The transfer syntax of a UID, or null when Keyslice does not decode it. */
export function transferSyntax(uid: string): TransferSyntax | null {
  return TABLE.get(uid) ?? null;
}
