import { expect, it } from 'vitest';
import { packRgb } from '../../../src/renderer/video/packRgb.ts';

/** Red counts the pixels of a picture of two rows and three columns. */
const rgba = Uint8Array.from({ length: 24 }, (_, at) => (at % 4 === 0 ? at / 4 : 255));

it.each([
  [0, [0, 1, 2, 3, 4, 5], [2, 3]],
  [90, [3, 0, 4, 1, 5, 2], [3, 2]],
  [180, [5, 4, 3, 2, 1, 0], [2, 3]],
  [270, [2, 5, 1, 4, 0, 3], [3, 2]],
] as const)('a picture turned by %i degrees', (rotation, reds, [rows, columns]) => {
  const picture = packRgb(rgba, 2, 3, rotation);
  expect(picture).toMatchObject({ rows, columns });
  const rgb = [...new Uint8Array(picture.rgb)];
  expect(rgb.filter((_, at) => at % 3 === 0)).toEqual(reds);
  expect(rgb.filter((_, at) => at % 3 !== 0).every((value) => value === 255)).toBe(true);
});
