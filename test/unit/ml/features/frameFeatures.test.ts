import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../src/contract/frame.ts';
import { spatialFeatures, type SpatialFeatures } from '../../../../src/ml/features/spatialFeatures.ts';
import { temporalFeatures } from '../../../../src/ml/features/temporalFeatures.ts';
import { FEATURE_FRAMES, linear, waves } from '../../../fixtures/featureFrames.ts';
import { frameOf } from '../../../fixtures/frames.ts';
import { compileFeatureKernel } from '../../../support/featureKernel.ts';

const kernel = compileFeatureKernel();
const NAMES = [
  'mean',
  'variance',
  'sobelMean',
  'sobelVariance',
  'laplacianMean',
  'laplacianVariance',
] as const;

function read(frame: Frame): SpatialFeatures {
  const spatial = spatialFeatures(frame, kernel);
  if (spatial === null) throw new Error('the frame has valid pixels');
  return spatial;
}

describe('features of a frame', () => {
  it.each(FEATURE_FRAMES)('are the same without the kernel: $name', ({ make }) => {
    const frame = make(4);
    const simd = read(frame);
    const plain = spatialFeatures(frame, null);
    for (const name of NAMES) {
      // The variance of the gradient is a small difference of large sums.
      const tolerance = name === 'sobelVariance' ? 1e-5 : 1e-6;
      expect(Math.abs(simd[name] / (plain?.[name] ?? NaN) - 1)).toBeLessThan(tolerance);
    }
    expect(simd.thumbnail).toStrictEqual(plain?.thumbnail);
  });

  it('reads a lookup table by its entries, clamped at both ends', () => {
    const values = Uint16Array.from({ length: 1024 }, (_, i) => i % 8);
    const lut = { kind: 'lut' as const, first: 2, values: Uint16Array.of(100, 200, 300), unit: null };
    const byTable = read(frameOf(32, 32, values, { modality: lut }));
    const direct = Uint16Array.from(values, (v) => [100, 100, 100, 200, 300, 300, 300, 300][v] ?? 0);
    expect(byTable.mean).toBeCloseTo(read(frameOf(32, 32, direct)).mean, 4);
    expect(byTable.thumbnail).toStrictEqual(Float32Array.from(direct));
  });

  it('takes thumbnails from the full frame, cell edges at floor(i · H / 32)', () => {
    const values = Uint16Array.from({ length: 100 * 70 }, (_, i) => Math.floor(i / 70) * 10 + (i % 70));
    const { thumbnail } = read(frameOf(100, 70, values, { modality: linear(3, 5) }));
    const mean = (from: number, to: number): number => (from + to - 1) / 2;
    const [row, column] = [13, 30];
    const y = mean(Math.floor((row * 100) / 32), Math.floor(((row + 1) * 100) / 32));
    const x = mean(Math.floor((column * 70) / 32), Math.floor(((column + 1) * 70) / 32));
    expect(thumbnail[row * 32 + column]).toBeCloseTo(3 * (10 * y + x) + 5, 2);
  });

  it('counts a frame as failed when fewer than 1 % of its pixels are valid', () => {
    const values = new Float32Array(10_000).fill(NaN);
    values.fill(3, 0, 99);
    expect(spatialFeatures(frameOf(100, 100, values), kernel)).toBeNull();
    values[99] = 3;
    expect(spatialFeatures(frameOf(100, 100, values), kernel)).toMatchObject({ mean: 3, variance: 0 });
  });

  it('compares frames of different slopes in modality values', () => {
    const stored = Int16Array.from(waves(4096, 64, 6, 0, 500));
    const doubled = Int16Array.from(stored, (v) => 2 * v);
    const a = read(frameOf(64, 64, stored, { modality: linear(2, 0) }));
    const b = read(frameOf(64, 64, doubled, { modality: linear(1, 7) }));
    const { changePrev } = temporalFeatures(a.plane, b.plane, null, kernel);
    expect(changePrev).toBe(0);
  });
});
