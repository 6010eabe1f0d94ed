import type { FrameRecord, PixelFormat } from '../../../../src/contract/series.ts';
import { pixelFormat } from '../codecs/pixelFormat.ts';

/** A record of a native frame of the given format; its bytes are handed over by the test. */
export function frameRecord(
  pixel: Partial<PixelFormat> = {},
  changes: Partial<Omit<FrameRecord, 'pixel'>> = {},
): FrameRecord {
  return {
    source: {
      path: 'frame.dcm',
      encoding: 'plain',
      transferSyntax: '1.2.840.10008.1.2.1',
      encapsulated: false,
      ranges: [],
      bitOffset: 0,
      indexInFile: 0,
    },
    sopInstanceUid: null,
    position: null,
    orientation: null,
    pixel: pixelFormat(pixel),
    modality: { kind: 'linear', slope: 1, intercept: 0, unit: null },
    windows: [],
    timeMs: null,
    lossy: false,
    ...changes,
  };
}
