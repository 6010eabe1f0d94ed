/** JPEG 2000 (ISO/IEC 15444-1), lossless and lossy, by OpenJPEG. */
import factory from '@cornerstonejs/codec-openjpeg/decodewasmjs';
import type { PixelFormat } from '../../contract/series.ts';
import { decodeWavelet } from './decodeWavelet.ts';
import type { Decoded } from './codec.ts';
import { WasmCodec } from './wasmCodec.ts';

const openJpeg = new WasmCodec(factory, (module) => module.J2KDecoder);

export async function decodeJpeg2000(bytes: Uint8Array, format: PixelFormat): Promise<Decoded> {
  return await decodeWavelet(openJpeg, bytes, format);
}
