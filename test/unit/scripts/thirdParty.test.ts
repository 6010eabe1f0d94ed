import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { thirdPartyText } from '../../../scripts/thirdParty.mjs';

it('THIRD-PARTY.md is what the lockfile says (run node scripts/thirdParty.mjs)', () => {
  expect(readFileSync('THIRD-PARTY.md', 'utf8')).toBe(thirdPartyText('.'));
});

it('names every direct dependency that ships, with its licence', () => {
  const shipped = thirdPartyText('.').split('## Used to build')[0] ?? '';
  for (const name of ['nifti-reader-js', 'onnxruntime-node', 'svelte', '@cornerstonejs/core', 'electron']) {
    expect(shipped).toMatch(new RegExp(`^\\| ${name} \\| \\d+\\.\\d+\\.\\d+ \\| (MIT|Apache-2\\.0)`, 'm'));
  }
});
