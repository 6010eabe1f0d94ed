import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playwrightOutcome, vitestOutcome } from '../../../scripts/testReports.mjs';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyslice-reports-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function report(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

it('lists what Vitest skipped and what failed, by file and name', () => {
  const file = report('vitest.json', {
    testResults: [
      {
        name: join(process.cwd(), 'test/unit/a.test.ts'),
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'one' },
          { status: 'skipped', fullName: 'two' },
          { status: 'failed', fullName: 'three', failureMessages: ['expected 1\n\n    to be 2'] },
        ],
      },
      {
        name: join(process.cwd(), 'test/unit/b.test.ts'),
        status: 'failed',
        message: 'no such module',
        assertionResults: [],
      },
    ],
  });
  expect(vitestOutcome(file)).toEqual({
    skipped: ['test/unit/a.test.ts: two'],
    failed: ['test/unit/b.test.ts | no such module', 'test/unit/a.test.ts: three | expected 1 | to be 2'],
  });
});

it('lists what Playwright skipped and what failed, with the reason', () => {
  const spec = (title: string, status: string, test: object) => ({
    title,
    tests: [{ status, annotations: [], results: [], ...test }],
  });
  const skipped = { annotations: [{ type: 'skip', description: 'no user namespaces' }] };
  const red = `${String.fromCharCode(27)}[31mtimed out`;
  const file = report('playwright.json', {
    suites: [
      {
        specs: [
          spec('ran', 'expected', {}),
          spec('broke', 'unexpected', { results: [{ error: { message: red } }] }),
        ],
        suites: [{ specs: [spec('left', 'skipped', skipped)] }],
      },
    ],
  });
  expect(playwrightOutcome(file)).toEqual({
    skipped: ['left: no user namespaces'],
    failed: ['broke | timed out'],
  });
});

it('says nothing when a run wrote no report', () => {
  expect(vitestOutcome(join(folder, 'none.json'))).toEqual({ skipped: [], failed: [] });
});
