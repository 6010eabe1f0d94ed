import { describe, expect, test } from 'vitest';
import type { VoiTable } from '../../../src/contract/series.ts';
import {
  automaticWindow,
  levelsOf,
  rangeOf,
  sameRange,
  windowOf,
} from '../../../src/renderer/viewports/voi.ts';

const window = <F extends 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID'>(
  center: number,
  width: number,
  shape: F,
) => ({
  center,
  width,
  function: shape,
  name: null,
});

const table = (first: number, values: readonly number[], white: number): VoiTable => ({
  function: 'TABLE',
  first,
  values: Uint16Array.from(values),
  white,
  name: null,
});

describe('windows and ranges', () => {
  test("DICOM's LINEAR counts the half and the one (PS3.3 C.11.2.1.2.1)", () => {
    expect(rangeOf(window(40, 400, 'LINEAR'))).toEqual({ lower: -160, upper: 239 });
  });

  test('LINEAR_EXACT does not', () => {
    expect(rangeOf(window(40, 400, 'LINEAR_EXACT'))).toEqual({
      lower: -160,
      upper: 240,
    });
  });

  test.each(['LINEAR', 'LINEAR_EXACT', 'SIGMOID'] as const)('%s there and back', (shape) => {
    const range = rangeOf(window(-600, 1500, shape));
    expect(windowOf(range, shape)).toEqual({ center: -600, width: 1500 });
  });

  test('a width of one is a step, not a division by zero', () => {
    const { lower, upper } = rangeOf(window(10, 1, 'LINEAR'));
    expect(upper).toBeGreaterThanOrEqual(lower);
    expect(Number.isFinite(upper - lower)).toBe(true);
  });

  test('a LUT spans the values that it maps', () => {
    expect(rangeOf(table(-1024, [0, 1, 2], 255))).toEqual({ lower: -1024, upper: -1022 });
    expect(rangeOf(table(5, [7], 255))).toEqual({ lower: 5, upper: 6 });
  });

  test('no range is like no other', () => {
    expect(sameRange({ lower: 0, upper: 1 }, null)).toBe(false);
    expect(sameRange({ lower: 0, upper: 1 }, { lower: 0, upper: 1 })).toBe(true);
  });
});

describe('levels over a range', () => {
  const at = (levels: readonly number[], share: number): number => {
    const place = share * (levels.length - 1);
    const below = Math.floor(place);
    const [left = 0, right = left] = levels.slice(below, below + 2);
    return left + (right - left) * (place - below);
  };

  test('windows are straight lines, and so is no window', () => {
    expect(levelsOf(window(40, 400, 'LINEAR'))).toEqual([0, 1]);
    expect(levelsOf(null)).toEqual([0, 1]);
  });

  test('SIGMOID is that of PS3.3 C.11.2.1.3.1 everywhere in its range', () => {
    const shape = window(40, 400, 'SIGMOID');
    const { lower, upper } = rangeOf(shape);
    const levels = levelsOf(shape);
    for (let value = lower; value <= upper; value += 7) {
      const wanted = 1 / (1 + Math.exp((-4 * (value - 40)) / 400));
      expect(Math.abs(at(levels, (value - lower) / (upper - lower)) - wanted)).toBeLessThan(0.001);
    }
  });

  test('a LUT keeps its entries; a long one is held in the steps that graphics memory has', () => {
    expect(levelsOf(table(0, [0, 51, 255], 255))).toEqual([0, 0.2, 1]);
    expect(levelsOf(table(0, [100], 200))).toEqual([0.5, 0.5]);
    const long = levelsOf(
      table(
        0,
        Array.from({ length: 65_536 }, (_, i) => i),
        65_535,
      ),
    );
    expect(long.length).toBe(1024);
    expect([long[0], long[1023]]).toEqual([0, 1]);
    expect(Math.abs(at(long, 0.25) - 0.25)).toBeLessThan(0.001);
  });
});

describe('a window from the values', () => {
  test('one hot pixel among many does not darken the image', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => (i === 0 ? 100_000 : i % 100));
    const { lower, upper } = rangeOf(automaticWindow(values, 0, 100_000));
    expect(lower).toBeLessThanOrEqual(0);
    expect(upper).toBeLessThan(200);
  });

  test('an even image has a window', () => {
    const window = automaticWindow(new Int16Array(16).fill(7), 7, 7);
    expect(window.width).toBeGreaterThan(0);
  });
});
