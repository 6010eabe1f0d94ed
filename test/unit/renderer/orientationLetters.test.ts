import { describe, expect, test } from 'vitest';
import { directionLetters, edgeLetters } from '../../../src/renderer/viewports/orientationLetters.ts';
import { slicePosition } from '../../../src/renderer/viewports/slicePosition.ts';

describe('letters of directions (patient: +x left, +y posterior, +z superior)', () => {
  test.each([
    [[1, 0, 0], 'L'],
    [[-1, 0, 0], 'R'],
    [[0, 1, 0], 'P'],
    [[0, 0, -1], 'I'],
    [[0.7, 0.7, 0], 'LP'],
    [[0.1, -0.99, 0], 'A'],
    [[0, 0, 0], ''],
  ] as const)('%o', (direction, letters) => {
    expect(directionLetters(direction)).toBe(letters);
  });
});

describe('letters of the edges from the camera', () => {
  test('an axial slice has the right of the patient on the left of the screen', () => {
    expect(edgeLetters([0, -1, 0], [0, 0, -1])).toEqual({ top: 'A', bottom: 'P', left: 'R', right: 'L' });
  });

  test('seen from the other side, left and right change places', () => {
    expect(edgeLetters([0, -1, 0], [0, 0, 1])).toMatchObject({ left: 'L', right: 'R' });
  });

  test('turned by a quarter, the letters turn too', () => {
    expect(edgeLetters([1, 0, 0], [0, 0, -1])).toMatchObject({ top: 'L', bottom: 'R' });
  });
});

describe('where a slice lies', () => {
  test('an axial slice on z, a sagittal one on x', () => {
    expect(slicePosition([1, 2, 3], [1, 0, 0, 0, 1, 0])).toEqual({ axis: 'z', mm: 3 });
    expect(slicePosition([1, 2, 3], [0, 1, 0, 0, 0, -1])).toEqual({ axis: 'x', mm: 1 });
  });

  test('nothing is said where the file says nothing', () => {
    expect(slicePosition(null, [1, 0, 0, 0, 1, 0])).toBeNull();
    expect(slicePosition([1, 2, 3], null)).toBeNull();
  });
});
