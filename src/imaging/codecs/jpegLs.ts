/** JPEG-LS, lossless and near-lossless (ITU-T T.87), by CharLS. */
import factory from '@cornerstonejs/codec-charls/decodewasmjs';
import type { PixelFormat } from '../../contract/series.ts';
import { checkStreamSize, samplesOf } from './codec.ts';
import type { Decoded } from './codec.ts';
import { checkJpegEnd, readJpegHeader } from './jpegHeader.ts';
import { WasmCodec } from './wasmCodec.ts';

const charls = new WasmCodec(factory, (module) => module.JpegLSDecoder);
const BY_PLANE = 0;

/** Samples are unsigned in the stream; the header's sign is applied later. */
export async function decodeJpegLs(bytes: Uint8Array, format: PixelFormat): Promise<Decoded> {
  const header = readJpegHeader(bytes);
  const components = header.components.length;
  const stream = { rows: header.rows, columns: header.columns, components, bits: header.bits };
  checkStreamSize(stream, format);
  checkJpegEnd(bytes);
  return await charls.decode(bytes, (decoder) => ({
    ...stream,
    signed: false,
    samples: samplesOf(decoder.getDecodedBuffer(), stream, false),
    layout: components > 1 && decoder.getInterleaveMode() === BY_PLANE ? 'planar' : 'interleaved',
    color: 'declared',
    warnings: [],
  }));
}
