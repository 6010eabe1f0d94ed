/** Chooses the decoder of a JPEG stream by its own frame header, never by the transfer syntax alone. */
import { warning } from '../../contract/errors.ts';
import type { PixelFormat } from '../../contract/series.ts';
import { unsupportedSyntax } from '../dicom/transferSyntaxes.ts';
import type { Codec, Decoded } from './codec.ts';
import { decodeJpegBaseline } from './jpegBaseline.ts';
import { decodeJpegExtended } from './jpegExtended.ts';
import { checkScanCount, readJpegHeader, SOF } from './jpegHeader.ts';
import { decodeJpegLossless } from './jpegLossless.ts';
import { decodeJpegLs } from './jpegLs.ts';

const DCT: readonly number[] = [SOF.baseline, SOF.extended, SOF.progressive];

/**
 * The codec of a transfer syntax of the JPEG family. `frameTypes`: what its streams may be; another kind is decoded
 * by what it is, with a warning.
 */
export function jpegCodec(uid: string, frameTypes: readonly number[]): Codec {
  return async (bytes: Uint8Array, format: PixelFormat): Promise<Decoded> => {
    const { frameType, bits } = readJpegHeader(bytes);
    const decode = decoderOf(frameType, bits);
    if (decode === null) throw unsupportedSyntax(uid, { frameType, bits });
    if (frameType === SOF.progressive) checkScanCount(bytes);
    const decoded = await decode(bytes, format);
    if (frameTypes.includes(frameType)) return decoded;
    const reason = `the transfer syntax ${uid} holds another kind of JPEG (frame type ${frameType.toString(16)})`;
    return { ...decoded, warnings: [...decoded.warnings, warning('HEADER_QUESTIONABLE', { reason })] };
  };
}

function decoderOf(frameType: number, bits: number): Codec | null {
  if (frameType === SOF.jpegLs) return decodeJpegLs;
  if (frameType === SOF.lossless) return decodeJpegLossless;
  if (!DCT.includes(frameType)) return null;
  return bits === 8 ? decodeJpegBaseline : bits === 12 ? decodeJpegExtended : null;
}
