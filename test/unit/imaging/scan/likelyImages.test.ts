import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { likelyImages } from '../../../../src/imaging/scan/likelyImages.ts';

const folder = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => join(name, `im${String(index)}`));

describe('files to read ahead', () => {
  test('the middle first, then the quarters', () => {
    expect(likelyImages(folder('a', 8))).toEqual([join('a', 'im4'), join('a', 'im2'), join('a', 'im6')]);
  });

  test('of the largest folder, whatever stands before it', () => {
    const files = ['DICOMDIR', ...folder('localiser', 3), ...folder('series', 40), ...folder('report', 1)];
    expect(likelyImages(files)[0]).toBe(join('series', 'im20'));
  });

  test('each file once, and none where there are none', () => {
    expect(likelyImages(folder('a', 2))).toEqual([join('a', 'im1'), join('a', 'im0')]);
    expect(likelyImages([])).toEqual([]);
  });
});
