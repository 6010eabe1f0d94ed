import type { SeriesView } from '../../contract/ipc.ts';
import type { DeliveredType } from './modalityValues.ts';
import type { RegisteredImage } from './imageRegistry.ts';

const BITS: Record<DeliveredType, number> = { uint8: 8, uint16: 16, int16: 16, float32: 32 };

/**
 * Answers Cornerstone's metadata requests. Pixels are described as delivered (modality values), so its own rescale
 * stays the identity. Where the file gives no spacing, none is given: Cornerstone then measures in px, not in mm.
 */
export function imageMetadata(type: string, image: RegisteredImage, imageId: string): unknown {
  const { series, frame } = image;
  switch (type) {
    case 'imagePlaneModule':
      return imagePlane(series, frame);
    case 'imagePixelModule':
      return imagePixel(series, image.delivered ?? 'int16');
    case 'generalSeriesModule':
      return { modality: series.modality, seriesInstanceUID: series.id };
    case 'modalityLutModule':
      return { rescaleSlope: 1, rescaleIntercept: 0, rescaleType: series.unit ?? '' };
    case 'voiLutModule':
      // Cornerstone guesses a window by loading an image again unless it is given numbers.
      return { windowCenter: [128], windowWidth: [256] };
    case 'sopCommonModule':
      return { sopInstanceUID: imageId };
    default:
      return undefined;
  }
}

function imagePlane(series: SeriesView, frame: number) {
  const orientation = series.orientations[frame] ?? null;
  const position = series.positions[frame] ?? null;
  const spacing = series.pixelSpacing;
  return {
    // Series without one must not look registered with each other.
    frameOfReferenceUID: series.frameOfReferenceUid ?? `none-${series.id}`,
    rows: series.rows,
    columns: series.columns,
    ...(orientation === null
      ? {}
      : {
          imageOrientationPatient: [...orientation],
          rowCosines: orientation.slice(0, 3),
          columnCosines: orientation.slice(3, 6),
        }),
    ...(position === null ? {} : { imagePositionPatient: [...position] }),
    ...(spacing === null
      ? {}
      : { pixelSpacing: [...spacing], rowPixelSpacing: spacing[0], columnPixelSpacing: spacing[1] }),
    ...(series.sliceSpacing === null ? {} : { sliceThickness: Math.abs(series.sliceSpacing) }),
  };
}

function imagePixel(series: SeriesView, delivered: DeliveredType) {
  const bits = BITS[delivered];
  return {
    samplesPerPixel: series.color ? 3 : 1,
    photometricInterpretation: series.color ? 'RGB' : 'MONOCHROME2',
    rows: series.rows,
    columns: series.columns,
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: delivered === 'int16' || delivered === 'float32' ? 1 : 0,
  };
}
