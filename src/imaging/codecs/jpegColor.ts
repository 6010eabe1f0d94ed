/** What a JPEG or JPEG 2000 stream says about its colours, and where that contradicts PhotometricInterpretation. */
import { warning } from '../../contract/errors.ts';
import type { Warning } from '../../contract/errors.ts';
import type { PixelFormat } from '../../contract/series.ts';
import type { JpegHeader } from './jpegHeader.ts';

export type JpegColor = 'RGB' | 'YCbCr';

const RGB_IDS = [0x52, 0x47, 0x42];
const JFIF_IDS = [1, 2, 3];

/**
 * The order of libjpeg (`default_decompress_parms`): JFIF means YCbCr; then the Adobe marker; then component ids;
 * subsampled chroma is never RGB. Null: the stream leaves it open.
 */
export function markedColor(header: JpegHeader): JpegColor | null {
  if (header.jfif) return 'YCbCr';
  if (header.adobeTransform !== null) return header.adobeTransform === 0 ? 'RGB' : 'YCbCr';
  const ids = header.components.map((component) => component.id);
  if (ids.every((id, index) => id === RGB_IDS[index])) return 'RGB';
  if (ids.every((id, index) => id === JFIF_IDS[index])) return 'YCbCr';
  const subsampled = header.components.some(({ horizontal, vertical }) => horizontal > 1 || vertical > 1);
  return subsampled ? 'YCbCr' : null;
}

/** YBR_RCT and YBR_ICT name the transform that JPEG 2000 undoes: what comes out is RGB. */
const RGB_PHOTOMETRIC = ['RGB', 'YBR_RCT', 'YBR_ICT'];

export function declaredColor(format: PixelFormat): JpegColor {
  return RGB_PHOTOMETRIC.includes(format.photometric) ? 'RGB' : 'YCbCr';
}

/** The COLOR_MARKING warning, when stream and header disagree. */
export function colorWarnings(marked: JpegColor | null, format: PixelFormat): Warning[] {
  if (marked === null || marked === declaredColor(format)) return [];
  return [warning('COLOR_MARKING', { stream: marked, header: format.photometric })];
}
