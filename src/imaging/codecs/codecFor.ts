/** Transfer syntax UIDs (PS3.6 Annex A) and the codec of each. */
import { unsupportedSyntax } from '../dicom/transferSyntaxes.ts';
import type { Codec } from './codec.ts';
import { decodeDeflatedFrame } from './deflatedFrame.ts';
import { decodeHtj2k } from './htj2k.ts';
import { jpegCodec } from './jpeg.ts';
import { SOF } from './jpegHeader.ts';
import { decodeJpeg2000 } from './jpeg2000.ts';
import { decodeNative } from './native.ts';
import { decodeRle } from './rle.ts';

const NATIVE = [
  'nifti',
  // Pictures that were unpacked from a video stream.
  'video',
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.98',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.2',
  // GE private: explicit little endian with big-endian pixels; PixelFormat says which.
  '1.2.840.113619.5.2',
];

/** What frame types (`SOF`) the streams of each JPEG syntax may have. */
const JPEG: Readonly<Record<string, readonly number[]>> = {
  '1.2.840.10008.1.2.4.50': [SOF.baseline],
  '1.2.840.10008.1.2.4.51': [SOF.baseline, SOF.extended],
  '1.2.840.10008.1.2.4.53': [SOF.progressive],
  '1.2.840.10008.1.2.4.55': [SOF.progressive],
  '1.2.840.10008.1.2.4.57': [SOF.lossless],
  '1.2.840.10008.1.2.4.70': [SOF.lossless],
  '1.2.840.10008.1.2.4.80': [SOF.jpegLs],
  '1.2.840.10008.1.2.4.81': [SOF.jpegLs],
};

const OTHERS: Readonly<Record<string, Codec>> = {
  '1.2.840.10008.1.2.4.90': decodeJpeg2000,
  '1.2.840.10008.1.2.4.91': decodeJpeg2000,
  '1.2.840.10008.1.2.4.201': decodeHtj2k,
  '1.2.840.10008.1.2.4.202': decodeHtj2k,
  '1.2.840.10008.1.2.4.203': decodeHtj2k,
  '1.2.840.10008.1.2.5': decodeRle,
  '1.2.840.10008.1.2.8.1': decodeDeflatedFrame,
};

const CODECS: ReadonlyMap<string, Codec> = new Map([
  ...NATIVE.map((uid): [string, Codec] => [uid, decodeNative]),
  ...Object.entries(JPEG).map(([uid, types]): [string, Codec] => [uid, jpegCodec(uid, types)]),
  ...Object.entries(OTHERS),
]);

/** @throws KeysliceError TRANSFER_SYNTAX_UNSUPPORTED with the UID */
export function codecFor(transferSyntax: string): Codec {
  const codec = CODECS.get(transferSyntax);
  if (codec === undefined) throw unsupportedSyntax(transferSyntax);
  return codec;
}
