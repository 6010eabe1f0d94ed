import { describe, expect, it } from 'vitest';
import type { Moments, SmallIntegers } from '../../../../src/ml/features/featureKernel.ts';
import { reductionOf } from '../../../../src/ml/features/plane.ts';
import { referenceKernel } from '../../../../src/ml/features/referenceKernel.ts';
import { randomSource } from '../../../fixtures/frames.ts';
import { compileFeatureKernel } from '../../../support/featureKernel.ts';

const kernel = compileFeatureKernel();

const TYPES = [
  { name: 'uint8', make: (n: number) => new Uint8Array(n), low: 0, high: 255 },
  { name: 'int8', make: (n: number) => new Int8Array(n), low: -128, high: 127 },
  { name: 'uint16', make: (n: number) => new Uint16Array(n), low: 0, high: 65535 },
  { name: 'int16', make: (n: number) => new Int16Array(n), low: -32768, high: 32767 },
];

function randomPixels(type: (typeof TYPES)[number], length: number, seed: number): SmallIntegers {
  const next = randomSource(seed);
  return type.make(length).map(() => type.low + Math.floor(next() * (type.high - type.low + 1)));
}

/** Sizes with whole blocks at factors 1, 2 and 3, and widths that are no multiple of the vector length. */
const WHOLE = [
  { rows: 32, columns: 32 },
  { rows: 57, columns: 131 },
  { rows: 300, columns: 258 },
  { rows: 512, columns: 512 },
  { rows: 500, columns: 320 },
  { rows: 510, columns: 768 },
];

const bytes = (values: Float32Array | Float64Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** Equal to the last bit while the sum is a whole number that a double can hold, else within rounding. */
function expectSame(found: Moments, expected: Moments): void {
  if (expected.squares <= Number.MAX_SAFE_INTEGER) expect(found).toStrictEqual(expected);
  else expect(Math.abs(found.squares / expected.squares - 1)).toBeLessThan(1e-11);
}

describe.each(TYPES)('the SIMD kernel on $name', (type) => {
  it.each(WHOLE)('equals the reference bit for bit at $rows × $columns', ({ rows, columns }) => {
    for (const samples of [1, 3] as const) {
      const planes = [1, 2, 3].map((seed) => {
        const pixels = randomPixels(type, rows * columns * samples, seed);
        const found = kernel.reduce(pixels, rows, columns, samples);
        const expected = referenceKernel.reduce(pixels, rows, columns, samples);
        expect(bytes(found.plane).equals(bytes(expected.plane))).toBe(true);
        expect(bytes(found.cells).equals(bytes(expected.cells))).toBe(true);
        return found.plane;
      });
      const [a, b, c] = planes;
      if (!a || !b || !c) throw new Error('three frames were reduced');
      const { rows: height, columns: width } = reductionOf(rows, columns);
      const found = kernel.describe(a, a.subarray(0, height * width), height, width);
      const expected = referenceKernel.describe(a, a.subarray(0, height * width), height, width);
      expectSame(found.moments, expected.moments);
      const between = kernel.compare(a, b, c);
      const expectedBetween = referenceKernel.compare(a, b, c);
      expectSame(between.previous, expectedBetween.previous);
      expectSame(between.next, expectedBetween.next);
      expectSame(between.curvature, expectedBetween.curvature);
    }
  });

  it.each(WHOLE)('has the same edges at $rows × $columns', ({ rows, columns }) => {
    const { plane } = kernel.reduce(randomPixels(type, rows * columns, 5), rows, columns, 1);
    const size = reductionOf(rows, columns);
    const found = kernel.describe(plane, plane, size.rows, size.columns).edges;
    const expected = referenceKernel.describe(plane, plane, size.rows, size.columns).edges;
    const { absolute, laplacian, squares } = expected;
    expect(found).toMatchObject({ absolute, laplacian, squares });
    expect(Math.abs(found.magnitude / expected.magnitude - 1)).toBeLessThan(1e-6);
    expect(Math.abs(found.power / expected.power - 1)).toBeLessThan(1e-6);
  });
});

describe('the SIMD kernel', () => {
  it.each([
    { rows: 511, columns: 600 },
    { rows: 259, columns: 257 },
    { rows: 40, columns: 1025 },
  ])('brings ragged blocks to the scale of whole ones at $rows × $columns', ({ rows, columns }) => {
    const pixels = new Int16Array(rows * columns).fill(7);
    const { factor } = reductionOf(rows, columns);
    const { plane } = kernel.reduce(pixels, rows, columns, 1);
    expect(new Set(plane)).toStrictEqual(new Set([7 * factor * factor]));
    expect(bytes(plane).equals(bytes(referenceKernel.reduce(pixels, rows, columns, 1).plane))).toBe(true);
  });

  it.each([
    { rows: 1, columns: 1 },
    { rows: 1, columns: 40 },
    { rows: 40, columns: 2 },
    { rows: 3, columns: 3 },
  ])('handles $rows × $columns, where the border meets itself', ({ rows, columns }) => {
    const plane = Float32Array.from({ length: rows * columns }, (_, i) => (i * 37) % 11);
    const found = kernel.describe(plane, plane, rows, columns).edges;
    const expected = referenceKernel.describe(plane, plane, rows, columns).edges;
    for (const name of ['magnitude', 'power', 'absolute', 'laplacian', 'squares'] as const) {
      expect(found[name]).toBeCloseTo(expected[name], 3);
    }
    const pixels = Uint8Array.from(plane);
    expect(kernel.reduce(pixels, rows, columns, 1)).toStrictEqual(
      referenceKernel.reduce(pixels, rows, columns, 1),
    );
  });

  it.each([1, 2, 5, 17, 33])('multiplies %i vectors with each other', (count) => {
    const next = randomSource(count);
    const vectors = Float64Array.from({ length: count * 64 }, () => next() - 0.5);
    const found = kernel.gram(vectors, count, 64);
    const expected = referenceKernel.gram(vectors, count, 64);
    expect(found).toHaveLength(count * count);
    found.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i] ?? NaN, 10);
    });
  });

  it('grows its memory for a large frame and goes on with a small one', () => {
    const large = new Uint16Array(2000 * 1500).fill(3);
    expect(kernel.reduce(large, 2000, 1500, 1).plane.every((value) => value === 3 * 64)).toBe(true);
    const small = Float32Array.of(1, 2, 3, 4, 5);
    expect(kernel.describe(small, small, 1, 5).moments).toStrictEqual({ sum: 15, squares: 55 });
  });
});
