/** What every codec is: from the joined bytes of one frame to samples, and what the stream says about itself. */
import { KeysliceError } from '../../contract/errors.ts';
import type { StoredArray } from '../../contract/frame.ts';
import type { PixelFormat } from '../../contract/series.ts';
import type { Warning } from '../../contract/errors.ts';

export interface Decoded {
  rows: number;
  columns: number;
  components: number;
  /** Bits per sample and sign as the stream itself gives them; native data are words of BitsAllocated, unsigned. */
  bits: number;
  signed: boolean;
  /** rows × columns × components. */
  samples: StoredArray;
  layout: 'interleaved' | 'planar';
  /** `rgb`: colour is RGB now, whatever the header says; `declared`: as PhotometricInterpretation says. */
  color: 'declared' | 'rgb';
  warnings: readonly Warning[];
}

/**
 * Decodes one frame. `bytes` belong to the codec, which may change them.
 * @throws KeysliceError FRAME_FAILED, HEADER_INCONSISTENT, LIMIT_EXCEEDED, TRANSFER_SYNTAX_UNSUPPORTED
 */
export type Codec = (bytes: Uint8Array, format: PixelFormat) => Promise<Decoded> | Decoded;

/** A stream that cannot be decoded; frame number and path are added by `decodeFrame`. */
export function frameFailed(reason: string, cause?: unknown): KeysliceError {
  return new KeysliceError('FRAME_FAILED', { reason }, { cause });
}

interface StreamSize {
  rows: number;
  columns: number;
  components: number;
  bits: number;
}

/**
 * Compares what the stream says with the header before anything is allocated for it.
 * @throws KeysliceError HEADER_INCONSISTENT
 */
export function checkStreamSize(stream: StreamSize, format: PixelFormat): void {
  const differs = (name: string, inStream: number, inHeader: number): void => {
    if (inStream === inHeader) return;
    const reason = `the compressed image has ${inStream} ${name}, the header says ${inHeader}`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason });
  };
  differs('rows', stream.rows, format.rows);
  differs('columns', stream.columns, format.columns);
  differs('samples per pixel', stream.components, format.samplesPerPixel);
  if (stream.bits > format.bitsAllocated) {
    const reason = `the compressed image has ${stream.bits} bits, the header allocates ${format.bitsAllocated}`;
    throw new KeysliceError('HEADER_INCONSISTENT', { reason });
  }
}

/** Samples of up to 16 bits from a decoder's bytes (little endian). @throws KeysliceError FRAME_FAILED */
export function samplesOf(
  bytes: Uint8Array | Uint8ClampedArray,
  stream: StreamSize,
  signed: boolean,
): StoredArray {
  const count = stream.rows * stream.columns * stream.components;
  const width = stream.bits <= 8 ? 1 : 2;
  if (bytes.length !== count * width) {
    throw frameFailed(`the decoder gave ${bytes.length} bytes instead of ${count * width}`);
  }
  const copy = bytes.slice();
  if (width === 1) return signed ? new Int8Array(copy.buffer) : new Uint8Array(copy.buffer);
  return signed ? new Int16Array(copy.buffer) : new Uint16Array(copy.buffer);
}
