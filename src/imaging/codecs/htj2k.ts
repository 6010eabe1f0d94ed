/** High-throughput JPEG 2000 (ISO/IEC 15444-15), lossless and lossy, by OpenJPH. */
import factory from '@cornerstonejs/codec-openjph/wasmjs';
import type { PixelFormat } from '../../contract/series.ts';
import { decodeWavelet } from './decodeWavelet.ts';
import type { Decoded } from './codec.ts';
import { WasmCodec } from './wasmCodec.ts';

const openJph = new WasmCodec(factory, (module) => module.HTJ2KDecoder);

export async function decodeHtj2k(bytes: Uint8Array, format: PixelFormat): Promise<Decoded> {
  return await decodeWavelet(openJph, bytes, format);
}
