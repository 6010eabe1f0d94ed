import { describe, expect, it } from 'vitest';
import type { Orientation, Vec3 } from '../../../../src/contract/series.ts';
import { checkGeometry } from '../../../../src/imaging/series/geometry.ts';

const AXIAL: Orientation = [1, 0, 0, 0, 1, 0];
const stack = (positions: readonly Vec3[], orientation = AXIAL) =>
  checkGeometry(
    positions.map((position) => ({ position, orientation })),
    [0.7, 0.5],
    2,
  );
const along = (...z: readonly number[]): Vec3[] => z.map((value) => [-10, -20, value]);

describe('checkGeometry', () => {
  it('gives spacing and affine of an even stack', () => {
    const { geometry, warnings } = stack(along(5, 7.5, 10));
    expect(warnings).toEqual([]);
    expect(geometry).toEqual({
      evenlySpaced: true,
      shearDegrees: 0,
      sliceSpacing: 2.5,
      affine: [
        [0.5, 0, 0, -10],
        [0, 0.7, 0, -20],
        [0, 0, 2.5, 5],
        [0, 0, 0, 1],
      ],
    });
  });

  it('takes a hundredth of the spacing for rounding, and more for uneven', () => {
    expect(stack(along(0, 5, 10.04)).geometry.evenlySpaced).toBe(true);
    const { geometry, warnings } = stack(along(0, 5, 10.06));
    expect(geometry.evenlySpaced).toBe(false);
    expect(warnings.map(({ code, facts }) => [code, facts])).toEqual([
      ['SPACING_UNEVEN', { min: 5, max: 5.06, median: 5 }],
    ]);
  });

  it('counts missing slices and says after which image the first is missing', () => {
    const { warnings } = stack(along(0, 2, 4, 8, 10, 16));
    expect(warnings.map(({ code }) => code)).toEqual(['SPACING_UNEVEN', 'SLICES_MISSING']);
    expect(warnings[1]?.facts).toEqual({ count: 3, after: 3 });
  });

  it('finds a gap between three slices', () => {
    expect(stack(along(0, 5, 15)).warnings[1]?.facts).toEqual({ count: 1, after: 2 });
  });

  it('keeps a shear in the affine and says how much it is', () => {
    const tangent = Math.tan((14 * Math.PI) / 180);
    const { geometry, warnings } = stack([0, 1, 2].map((k) => [0, 5 * tangent * k, 5 * k]));
    expect(geometry.evenlySpaced).toBe(true);
    expect(geometry.shearDegrees).toBeCloseTo(14, 6);
    expect(geometry.affine?.[1][2]).toBeCloseTo(5 * tangent, 9);
    expect(warnings.map(({ code, facts }) => [code, facts])).toEqual([['GANTRY_TILT', { degrees: 14 }]]);
  });

  it('does not take planes beside the line for a volume', () => {
    const { geometry } = stack([
      [0, 0, 0],
      [3, 0, 5],
      [0, 0, 10],
    ]);
    expect(geometry).toMatchObject({ evenlySpaced: false, shearDegrees: 0 });
  });

  it('places oblique pixels where the standard says (PS3.3 C.7.6.2.1.1)', () => {
    const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
    const { geometry } = stack(
      [0, 1, 2].map((k): Vec3 => [4, -3 * sin * k, 3 * cos * k]),
      [1, 0, 0, 0, cos, sin],
    );
    const [x, y, z] = geometry.affine ?? [];
    const at = (row: readonly number[] | undefined): number =>
      (row?.[0] ?? NaN) * 6 + (row?.[1] ?? NaN) * 4 + (row?.[2] ?? NaN) * 2 + (row?.[3] ?? NaN);
    expect([at(x), at(y), at(z)]).toEqual([
      expect.closeTo(4 + 6 * 0.5),
      expect.closeTo(4 * 0.7 * cos - 6 * sin),
      expect.closeTo(4 * 0.7 * sin + 6 * cos),
    ]);
  });

  it('gives no affine without a pixel spacing', () => {
    const planes = along(0, 1).map((position) => ({ position, orientation: AXIAL }));
    expect(checkGeometry(planes, null, null).geometry).toMatchObject({ affine: null, sliceSpacing: 1 });
  });
});
