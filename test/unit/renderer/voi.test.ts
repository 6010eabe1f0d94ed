import { describe, expect, test } from 'vitest';
import { automaticWindow, rangeOf, sameRange, windowOf } from '../../../src/renderer/viewports/voi.ts';

describe('windows and ranges', () => {
  test("DICOM's LINEAR counts the half and the one (PS3.3 C.11.2.1.2.1)", () => {
    expect(rangeOf({ center: 40, width: 400, function: 'LINEAR' })).toEqual({ lower: -160, upper: 239 });
  });

  test('LINEAR_EXACT does not', () => {
    expect(rangeOf({ center: 40, width: 400, function: 'LINEAR_EXACT' })).toEqual({
      lower: -160,
      upper: 240,
    });
  });

  test.each(['LINEAR', 'LINEAR_EXACT'] as const)('%s there and back', (shape) => {
    const range = rangeOf({ center: -600, width: 1500, function: shape });
    expect(windowOf(range, shape)).toEqual({ center: -600, width: 1500 });
  });

  test('a width of one is a step, not a division by zero', () => {
    const { lower, upper } = rangeOf({ center: 10, width: 1, function: 'LINEAR' });
    expect(upper).toBeGreaterThanOrEqual(lower);
    expect(Number.isFinite(upper - lower)).toBe(true);
  });

  test('no range is like no other', () => {
    expect(sameRange({ lower: 0, upper: 1 }, null)).toBe(false);
    expect(sameRange({ lower: 0, upper: 1 }, { lower: 0, upper: 1 })).toBe(true);
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
