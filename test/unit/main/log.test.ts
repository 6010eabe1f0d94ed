import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Log } from '../../../src/main/log.ts';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'keyslice-log-')), 'logs');
});
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true });
});

const text = (name = 'keyslice.log'): string => readFileSync(join(folder, name), 'utf8');

it('writes dated lines, masked, for this user only', () => {
  const log = new Log(folder, false);
  log.mask.learnLabel('DOE^JANE');
  log.write('opened Jane Doe');
  expect(text()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z opened \*\*\* \*\*\*\n$/);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'keyslice.log')).mode & 0o777).toBe(0o600);
});

it('goes on after what was written before, and starts anew when that has grown large', () => {
  new Log(folder, false).write('first');
  new Log(folder, false).write('second');
  expect(text().trim().split('\n')).toHaveLength(2);
  writeFileSync(join(folder, 'keyslice.log'), 'x'.repeat(1024 * 1024 + 1));
  new Log(folder, false).write('third');
  expect(text()).toMatch(/third\n$/);
  expect(text().length).toBeLessThan(100);
  expect(text('keyslice.log.1')).toHaveLength(1024 * 1024 + 1);
});

it('stops before it fills the disk', () => {
  const log = new Log(folder, false);
  for (let line = 0; line < 20; line++) log.write('x'.repeat(1024 * 1024));
  expect(statSync(join(folder, 'keyslice.log')).size).toBeLessThanOrEqual(8 * 1024 * 1024);
});

it('ends when it cannot be written, and the program goes on', () => {
  const log = new Log(folder, false);
  rmSync(folder, { recursive: true });
  expect(() => {
    log.write('lost');
  }).not.toThrow();
});
