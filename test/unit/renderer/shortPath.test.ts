import { expect, it } from 'vitest';
import { shortPath } from '../../../src/renderer/studies/shortPath.ts';

it.each([
  ['/data/people/sample/study', '…/sample/study'],
  ['C:\\data\\people\\sample', '…/people/sample'],
  ['/data/study', '/data/study'],
  ['scan.nii', 'scan.nii'],
])('%s is shown as %s', (path, shown) => {
  expect(shortPath(path)).toBe(shown);
});
