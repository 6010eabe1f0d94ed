import type { Frame } from '../../contract/frame.ts';
import { THUMBNAIL_SIZE } from '../../contract/sampling.ts';
import type { FeatureKernel, SmallIntegers } from './featureKernel.ts';
import { cellRange, reductionOf, type FramePlane } from './plane.ts';
import { LARGEST, reduceRealFrame } from './realFrame.ts';
import { referenceKernel } from './referenceKernel.ts';

/** What one frame tells by itself, in modality values. Plain data: crosses threads, the plane without a copy. */
export interface SpatialFeatures {
  mean: number;
  variance: number;
  sobelMean: number;
  sobelVariance: number;
  laplacianMean: number;
  laplacianVariance: number;
  /** 32 × 32 modality values; of colours the luminance. */
  thumbnail: Float32Array;
  plane: FramePlane;
}

/** Luminance of red, green, blue (PS3.3 C.7.6.3.1.2, YBR_FULL). */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** Of 16 bits. */
const MOST_INTEGER = 65_535;

/**
 * Features of one frame (docs/das.md section 2), on the frame reduced to at most 256 pixels a side: mean and
 * variance over all channels, edges on grey values or luminance, and the thumbnail from the full frame.
 * @param kernel null: plain TypeScript
 * @returns null when fewer than 1 % of the pixels are valid: the frame counts as failed
 */
export function spatialFeatures(frame: Frame, kernel: FeatureKernel | null): SpatialFeatures | null {
  const compute = kernel ?? referenceKernel;
  const values = wholeIntegers(frame);
  return values === null ? ofRealFrame(frame, compute) : ofIntegerFrame(frame, values, compute);
}

/** The stored values when every one of them is a small integer of the image with one slope; else null. */
function wholeIntegers({ values, samples, modality, padding }: Frame): SmallIntegers | null {
  if (samples === 1 && modality.kind === 'lut') return null;
  const small =
    values instanceof Uint8Array ||
    values instanceof Int8Array ||
    values instanceof Uint16Array ||
    values instanceof Int16Array;
  if (!small || (samples === 1 && !isMeasurable(modality))) return null;
  if (padding === null) return values;
  const { from, to } = padding;
  const padded = from === to ? values.includes(from) : values.some((value) => value >= from && value <= to);
  return padded ? null : values;
}

/** Whether every small integer stays a number that features can be computed from. */
function isMeasurable(modality: Frame['modality']): boolean {
  return (
    modality.kind !== 'linear' ||
    MOST_INTEGER * Math.abs(modality.slope) + Math.abs(modality.intercept) < LARGEST
  );
}

function ofIntegerFrame(frame: Frame, values: SmallIntegers, kernel: FeatureKernel): SpatialFeatures {
  const { rows, columns, samples, modality } = frame;
  const linear = samples === 1 && modality.kind === 'linear' ? modality : { slope: 1, intercept: 0 };
  const reduction = reductionOf(rows, columns);
  const { plane: sums, cells } = kernel.reduce(values, rows, columns, samples);
  const plane: FramePlane = {
    rows: reduction.rows,
    columns: reduction.columns,
    channels: samples,
    values: sums,
    scale: linear.slope / reduction.factor ** 2,
  };
  const thumbnail = new Float32Array(THUMBNAIL_SIZE * THUMBNAIL_SIZE);
  const widths = cellSizes(columns);
  for (const [row, height] of cellSizes(rows).entries()) {
    for (let column = 0, i = row * THUMBNAIL_SIZE; column < THUMBNAIL_SIZE; column++, i++) {
      const sum = samples === 1 ? cells[i]! : greyAt(cells, samples, i);
      thumbnail[i] = (sum / (height * widths[column]!)) * linear.slope + linear.intercept;
    }
  }
  return { ...describe(plane, linear.intercept, sums.length, kernel), thumbnail, plane };
}

function ofRealFrame(frame: Frame, kernel: FeatureKernel): SpatialFeatures | null {
  const reduced = reduceRealFrame(frame);
  if (reduced === null) return null;
  const { rows, columns } = reductionOf(frame.rows, frame.columns);
  const { thumbnails, plane: values } = reduced;
  const thumbnail = new Float32Array(THUMBNAIL_SIZE * THUMBNAIL_SIZE);
  for (let i = 0; i < thumbnail.length; i++) thumbnail[i] = greyAt(thumbnails, frame.samples, i);
  const plane: FramePlane = { rows, columns, channels: frame.samples, values, scale: reduced.scale };
  return { ...describe(plane, reduced.centre, reduced.validValues, kernel), thumbnail, plane };
}

/** @param count values of the plane that count for mean and variance; the others are 0 */
function describe(plane: FramePlane, offset: number, count: number, kernel: FeatureKernel) {
  const { scale } = plane;
  const { moments, edges } = kernel.describe(plane.values, greyPlane(plane), plane.rows, plane.columns);
  const { sum, squares } = moments;
  const pixels = plane.rows * plane.columns;
  const size = Math.abs(scale);
  return {
    mean: offset + (scale * sum) / count,
    variance: scale * scale * varianceOf(sum, squares, count),
    sobelMean: (size * edges.magnitude) / pixels,
    sobelVariance: scale * scale * varianceOf(edges.magnitude, edges.power, pixels),
    laplacianMean: (size * edges.absolute) / pixels,
    laplacianVariance: scale * scale * varianceOf(edges.laplacian, edges.squares, pixels),
  };
}

/** Never below 0, where rounding would have it. */
export function varianceOf(sum: number, squares: number, count: number): number {
  return Math.max(0, squares / count - (sum / count) ** 2);
}

/** The grey value, or the luminance of planar red, green and blue. */
function greyAt(values: Float32Array | Float64Array, channels: 1 | 3, i: number): number {
  if (channels === 1) return values[i]!;
  const size = values.length / 3;
  return RED * values[i]! + GREEN * values[size + i]! + BLUE * values[2 * size + i]!;
}

function greyPlane({ values, channels }: FramePlane): Float32Array {
  if (channels === 1) return values;
  const grey = new Float32Array(values.length / 3);
  for (let i = 0; i < grey.length; i++) grey[i] = greyAt(values, channels, i);
  return grey;
}

function cellSizes(pixels: number): number[] {
  return Array.from({ length: THUMBNAIL_SIZE }, (_, cell) => {
    const [from, to] = cellRange(cell, pixels);
    return to - from;
  });
}
