import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { importCycles } from '../../../scripts/importGraph.mjs';

it('finds a cycle through a type import', () => {
  const root = mkdtempSync(join(tmpdir(), 'keyslice-cycles-'));
  try {
    writeFileSync(join(root, 'a.ts'), "import { b } from './b.ts'; export const a = b;");
    writeFileSync(join(root, 'b.ts'), "export { c as b } from './c.ts';");
    writeFileSync(join(root, 'c.ts'), "import type { A } from './a.ts'; export const c: A = 1;");
    writeFileSync(join(root, 'd.ts'), "export * from './a.ts';");
    expect(importCycles(root, ['a.ts', 'b.ts', 'c.ts', 'd.ts'])).toEqual([['a.ts', 'b.ts', 'c.ts', 'a.ts']]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('finds none in src', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(0);
  expect(importCycles(resolve('src'), files)).toEqual([]);
});
