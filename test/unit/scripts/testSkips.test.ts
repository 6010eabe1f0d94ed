import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playwrightSkips, vitestSkips } from '../../../scripts/testSkips.mjs';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyslice-skips-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function report(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

it('lists what Vitest skipped, by file and name', () => {
  const file = report('vitest.json', {
    testResults: [
      {
        name: join(process.cwd(), 'test/unit/a.test.ts'),
        assertionResults: [
          { status: 'passed', fullName: 'one' },
          { status: 'skipped', fullName: 'two' },
        ],
      },
    ],
  });
  expect(vitestSkips(file)).toEqual(['test/unit/a.test.ts: two']);
});

it('lists what Playwright skipped, with the reason that the test gave', () => {
  const spec = (title: string, status: string, annotations: unknown[]) => ({
    title,
    tests: [{ status, annotations }],
  });
  const file = report('playwright.json', {
    suites: [
      {
        specs: [spec('ran', 'expected', [])],
        suites: [{ specs: [spec('left', 'skipped', [{ type: 'skip', description: 'no user namespaces' }])] }],
      },
    ],
  });
  expect(playwrightSkips(file)).toEqual(['left: no user namespaces']);
});

it('says nothing when a run wrote no report', () => {
  expect(vitestSkips(join(folder, 'none.json'))).toEqual([]);
});
