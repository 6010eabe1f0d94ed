import { expect, test } from 'vitest';
import { movedToFrame, nearestFrame, stackPlanes } from '../../../src/renderer/viewports/stackPlane.ts';
import { seriesView } from './seriesView.ts';

const planes = stackPlanes(seriesView(), 0);

test('a point belongs to the nearest slice', () => {
  if (planes === null) throw new Error('positions are known');
  expect(nearestFrame(planes, [0, 0, 12.4])).toBe(5);
  expect(nearestFrame(planes, [0, 0, -50])).toBe(0);
});

test('moving to a slice changes the place along the normal only', () => {
  if (planes === null) throw new Error('positions are known');
  expect(movedToFrame(planes, [3, 4, 0], 8)).toEqual([3, 4, 20]);
});

test('unknown positions give no planes', () => {
  const positions = seriesView().positions.with(3, null);
  expect(stackPlanes(seriesView({ positions }), 0)).toBeNull();
});
