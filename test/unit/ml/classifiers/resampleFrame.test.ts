import { describe, expect, it } from 'vitest';
import { resampleFrame } from '../../../../src/ml/classifiers/resampleFrame.ts';
import { seededRandom } from '../../../../src/ml/seededRandom.ts';

const random = seededRandom(9);
const grey = (rows: number, columns: number) => ({
  shape: { rows, columns, samples: 1 } as const,
  values: Float32Array.from({ length: rows * columns }, () => random()),
});
const mean = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('resampling a frame', () => {
  it('by a whole factor takes block means', () => {
    const { shape, values } = grey(4, 6);
    const [first] = resampleFrame(values, shape, [2, 3]);
    expect(first).toBeCloseTo((values[0]! + values[1]! + values[6]! + values[7]!) / 4, 6);
  });

  it.each([
    [7, 5, 3, 4],
    [3, 4, 7, 9],
    [64, 48, 28, 28],
  ])('from %i × %i to %i × %i keeps the mean', (rows, columns, toRows, toColumns) => {
    const { shape, values } = grey(rows, columns);
    const out = resampleFrame(values, shape, [toRows, toColumns]);
    expect(out).toHaveLength(toRows * toColumns);
    expect(mean(out)).toBeCloseTo(mean(values), 5);
  });

  it('leaves a frame of the wanted size as it is', () => {
    const { shape, values } = grey(5, 5);
    expect(resampleFrame(values, shape, [5, 5])).toEqual(values);
  });

  it('counts no value that is none, and says so where there is no other', () => {
    const values = Float32Array.of(NaN, 2, NaN, NaN, 4, NaN, NaN, Infinity);
    const out = resampleFrame(values, { rows: 2, columns: 4, samples: 1 }, [1, 2]);
    expect([...out]).toEqual([3, NaN]);
  });

  it('makes luminance of colours', () => {
    const out = resampleFrame(
      Float32Array.of(255, 0, 0, 0, 255, 0),
      { rows: 1, columns: 2, samples: 3 },
      [1, 1],
    );
    expect(out[0]).toBeCloseTo((255 * (0.299 + 0.587)) / 2, 3);
  });
});
