/** What OpenJPEG and OpenJPH have in common: the code stream's header, the checks, and what neither can give. */
import type { PixelFormat } from '../../contract/series.ts';
import { checkStreamSize, frameFailed, samplesOf } from './codec.ts';
import type { Decoded } from './codec.ts';
import { colorWarnings } from './jpegColor.ts';
import { readJpeg2000Header } from './jpeg2000Header.ts';
import type { Jpeg2000Header } from './jpeg2000Header.ts';
import type { WasmCodec } from './wasmCodec.ts';

/** Samples by pixel with the sign of the stream; colour is RGB where the component transform was undone. */
export async function decodeWavelet(
  codec: WasmCodec,
  bytes: Uint8Array,
  format: PixelFormat,
): Promise<Decoded> {
  const stream = readJpeg2000Header(bytes, format);
  refuseWhatWouldBeWrong(stream);
  return await codec.decode(bytes, (decoder) => {
    const info = decoder.getFrameInfo();
    const { width: columns, height: rows, componentCount: components, bitsPerSample: bits } = info;
    checkStreamSize({ rows, columns, components, bits }, format);
    return {
      rows,
      columns,
      components,
      bits,
      signed: stream.signed,
      samples: samplesOf(decoder.getDecodedBuffer(), stream, stream.signed),
      layout: 'interleaved',
      color: stream.colorTransform ? 'rgb' : 'declared',
      warnings: stream.colorTransform ? colorWarnings('RGB', format) : [],
    };
  });
}

/** The wrappers write zeros for colour of more than 8 bits, clip at 16 bits, and clip negative 8-bit values to 0. */
function refuseWhatWouldBeWrong({ bits, components, signed }: Jpeg2000Header): void {
  if (components !== 1 && components !== 3) throw frameFailed(`JPEG 2000 with ${components} components`);
  if (bits > 16) throw frameFailed(`JPEG 2000 of ${bits} bits`);
  if (components === 3 && bits > 8) throw frameFailed(`colour JPEG 2000 of ${bits} bits`);
  if (signed && bits <= 8) throw frameFailed(`signed JPEG 2000 of ${bits} bits`);
}
