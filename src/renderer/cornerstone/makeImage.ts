import { Enums, utilities, type Types } from '@cornerstonejs/core';
import { KeysliceError } from '../../contract/errors.ts';
import type { FrameMessage, SeriesView } from '../../contract/ipc.ts';
import type { DeliveredArray } from './modalityValues.ts';

function arrayName(values: DeliveredArray): Types.PixelDataTypedArrayString {
  if (values instanceof Uint8Array) return 'Uint8Array';
  if (values instanceof Uint16Array) return 'Uint16Array';
  return values instanceof Int16Array ? 'Int16Array' : 'Float32Array';
}

/** A Cornerstone image around modality values: already scaled, never inverted here (the view inverts MONOCHROME1). */
export function makeImage(
  imageId: string,
  series: SeriesView,
  message: FrameMessage,
  values: DeliveredArray,
): Types.IImage {
  const { rows, columns, samples } = message;
  const color = samples === 3;
  const ends = [message.min, message.max].map((stored) => stored * message.slope + message.intercept);
  const [rowSpacing, columnSpacing] = series.pixelSpacing ?? [1, 1];
  return {
    imageId,
    rows,
    columns,
    height: rows,
    width: columns,
    color,
    rgba: false,
    numberOfComponents: samples,
    minPixelValue: color ? 0 : Math.min(...ends),
    maxPixelValue: color ? 255 : Math.max(...ends),
    slope: 1,
    intercept: 0,
    windowCenter: 128,
    windowWidth: 256,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    invert: false,
    photometricInterpretation: color ? 'RGB' : 'MONOCHROME2',
    rowPixelSpacing: rowSpacing,
    columnPixelSpacing: columnSpacing,
    dataType: arrayName(values),
    sizeInBytes: values.byteLength + (message.drawn?.byteLength ?? 0),
    isPreScaled: true,
    preScale: {
      enabled: true,
      scaled: true,
      scalingParameters: { modality: series.modality, rescaleSlope: 1, rescaleIntercept: 0 },
    },
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      scalarData: values,
      width: columns,
      height: rows,
      numberOfComponents: samples,
    }),
    getPixelData: () => values,
    getCanvas: () => {
      throw new KeysliceError('INTERNAL', { reason: 'images are drawn by WebGL only' });
    },
  };
}
