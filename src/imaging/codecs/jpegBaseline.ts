/** JPEG with the discrete cosine transform, 8 bits (SOF0 to SOF2), by libjpeg-turbo. */
import factory from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import { KeysliceError } from '../../contract/errors.ts';
import type { PixelFormat } from '../../contract/series.ts';
import { checkStreamSize, frameFailed, samplesOf } from './codec.ts';
import type { Decoded } from './codec.ts';
import { colorWarnings, declaredColor, markedColor } from './jpegColor.ts';
import type { JpegColor } from './jpegColor.ts';
import { checkJpegEnd, readJpegHeader } from './jpegHeader.ts';
import { WasmCodec } from './wasmCodec.ts';

const turbo = new WasmCodec(factory, (module) => module.JPEGDecoder);

/** Grey as it is, colour as RGB: the decoder converts once, by the stream's own marking where it has one. */
export async function decodeJpegBaseline(bytes: Uint8Array, format: PixelFormat): Promise<Decoded> {
  const header = readJpegHeader(bytes);
  const components = header.components.length;
  const stream = { rows: header.rows, columns: header.columns, components, bits: header.bits };
  checkStreamSize(stream, format);
  if (header.bits !== 8) throw new KeysliceError('FRAME_FAILED', { reason: `JPEG of ${header.bits} bits` });
  if (components !== 1 && components !== 3) throw frameFailed(`JPEG with ${components} components`);
  checkJpegEnd(bytes);
  const colored = components === 3;
  const marked = colored ? markedColor(header) : null;
  const explicit = colored && marked === null ? withAdobeMarker(bytes, declaredColor(format)) : bytes;
  const samples = await turbo.decode(explicit, (decoder) => {
    checkStreamSize(sizeOf(decoder.getFrameInfo()), format);
    return samplesOf(decoder.getDecodedBuffer(), stream, false);
  });
  return {
    ...stream,
    signed: false,
    samples,
    layout: 'interleaved',
    color: colored ? 'rgb' : 'declared',
    warnings: colored ? colorWarnings(marked, format) : [],
  };
}

const sizeOf = (info: { width: number; height: number; componentCount: number; bitsPerSample: number }) => ({
  rows: info.height,
  columns: info.width,
  components: info.componentCount,
  bits: info.bitsPerSample,
});

/** libjpeg takes unmarked colour for YCbCr; the Adobe marker (transform 0 or 1) says what the header declares. */
function withAdobeMarker(bytes: Uint8Array, color: JpegColor): Uint8Array {
  const marker = [
    0xff,
    0xee,
    0,
    14,
    0x41,
    0x64,
    0x6f,
    0x62,
    0x65,
    0,
    100,
    0,
    0,
    0,
    0,
    color === 'RGB' ? 0 : 1,
  ];
  const result = new Uint8Array(bytes.length + marker.length);
  result.set(bytes.subarray(0, 2));
  result.set(marker, 2);
  result.set(bytes.subarray(2), 2 + marker.length);
  return result;
}
