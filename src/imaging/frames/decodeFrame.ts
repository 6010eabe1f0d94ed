/** From the stored bytes of one frame to the frame. */
import { KeysliceError, toKeysliceError } from '../../contract/errors.ts';
import type { Frame, StoredArray } from '../../contract/frame.ts';
import type { FrameRecord, PixelFormat } from '../../contract/series.ts';
import { codecFor } from '../codecs/codecFor.ts';
import type { Decoded } from '../codecs/codec.ts';
import { decodeNative } from '../codecs/native.ts';
import { dropLeadingBits } from '../codecs/unpackBits.ts';
import { colorValues } from './colorValues.ts';
import { overlayBits, overlayMask } from './overlayMask.ts';
import { applyPalette } from './palette.ts';
import { storedTypeOf } from './storedType.ts';
import { storedValues } from './storedValues.ts';
import { valueRange } from './valueRange.ts';

/** Samples of one frame: 16384 × 16384. What is larger is no slice and would not fit beside its decoder. */
const MAX_SAMPLES = 2 ** 28;

/**
 * Decodes one frame: grey as stored values, every kind of colour as RGB by pixel.
 *
 * @param bytes the ranges of the frame, joined, of their own buffer: they may be changed
 * @throws KeysliceError FRAME_FAILED, HEADER_INCONSISTENT, LIMIT_EXCEEDED, TRANSFER_SYNTAX_UNSUPPORTED, with the path
 * and `frame`, the frame's index in its file
 */
export async function decodeFrame(record: FrameRecord, bytes: Uint8Array): Promise<Frame> {
  const { source, pixel } = record;
  try {
    checkSize(pixel);
    const codec = codecFor(source.transferSyntax);
    const decoded = source.encapsulated
      ? await codec(bytes, pixel)
      : decodeNative(dropLeadingBits(bytes, source.bitOffset), pixel);
    return frameOf(decoded, record);
  } catch (thrown) {
    const error = toKeysliceError(thrown);
    const facts = { frame: source.indexInFile, ...error.facts };
    throw new KeysliceError(error.code, facts, { path: source.path, cause: thrown });
  }
}

function checkSize({ rows, columns, samplesPerPixel }: PixelFormat): void {
  const actual = rows * columns * samplesPerPixel;
  if (actual <= 0)
    throw new KeysliceError('HEADER_INCONSISTENT', { reason: `${rows} rows, ${columns} columns` });
  if (actual > MAX_SAMPLES) {
    throw new KeysliceError('LIMIT_EXCEEDED', {
      what: 'The number of samples in a frame',
      actual,
      limit: MAX_SAMPLES,
    });
  }
}

function frameOf(decoded: Decoded, record: FrameRecord): Frame {
  const { pixel, supplemental } = record;
  const overlay = overlayMask(record, decoded);
  const stored = storedValues(decoded, pixel, overlayBits(record));
  const { values, samples } = shownValues(stored.values, decoded, pixel);
  const padding = samples === 1 ? pixel.padding : null;
  return {
    rows: pixel.rows,
    columns: pixel.columns,
    samples,
    dtype: storedTypeOf(values),
    values,
    ...valueRange(values, padding),
    modality: record.modality,
    padding,
    inverted: pixel.photometric === 'MONOCHROME1',
    ...(overlay === null ? {} : { overlay }),
    ...(supplemental === undefined || samples === 3 ? {} : { supplemental }),
    warnings: [...decoded.warnings, ...stored.warnings],
  };
}

function shownValues(
  values: StoredArray,
  decoded: Decoded,
  pixel: PixelFormat,
): { values: StoredArray; samples: 1 | 3 } {
  if (decoded.components > 1) return { values: colorValues(values, decoded, pixel), samples: 3 };
  if (pixel.photometric !== 'PALETTE COLOR') return { values, samples: 1 };
  if (pixel.palette === null) {
    throw new KeysliceError('HEADER_INCONSISTENT', { reason: 'PALETTE COLOR without a palette' });
  }
  return { values: applyPalette(values, pixel.palette), samples: 3 };
}
