import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFault } from '../../../scripts/setup/nodeVersion.mjs';
import { packagesAreCurrent } from '../../../scripts/setup/packages.mjs';
import { isBuilt, stampSources } from '../../../scripts/sourceStamp.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyslice-setup-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('the Node that the tools need', () => {
  it.each(['20.19.0', '20.20.2', '22.12.0', '24.0.0'])('takes %s', (version) => {
    expect(nodeFault(version)).toBeNull();
  });
  it.each(['18.20.8', '20.18.1', '21.7.3', '22.11.0'])('refuses %s', (version) => {
    expect(nodeFault(version)).toContain(version);
  });
});

describe('whether packages are current', () => {
  const lock = (version: string) =>
    JSON.stringify({
      packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { optional: true } },
    });

  it('compares the lockfile with what npm recorded and with the folders', () => {
    writeFileSync(join(root, 'package-lock.json'), lock('1.0.0'));
    expect(packagesAreCurrent(root)).toBe(false);
    mkdirSync(join(root, 'node_modules/a'), { recursive: true });
    writeFileSync(join(root, 'node_modules/.package-lock.json'), lock('0.9.0'));
    expect(packagesAreCurrent(root)).toBe(false);
    writeFileSync(join(root, 'node_modules/.package-lock.json'), lock('1.0.0'));
    expect(packagesAreCurrent(root)).toBe(true);
    rmSync(join(root, 'node_modules/a'), { recursive: true });
    expect(packagesAreCurrent(root)).toBe(false);
  });
});

describe('whether the build is current', () => {
  it('notices a changed, an added and a renamed source', () => {
    mkdirSync(join(root, 'src/deep'), { recursive: true });
    writeFileSync(join(root, 'src/deep/a.ts'), 'one');
    expect(isBuilt(root)).toBe(false);
    stampSources(root);
    expect(isBuilt(root)).toBe(true);
    writeFileSync(join(root, 'src/deep/a.ts'), 'two');
    expect(isBuilt(root)).toBe(false);
    stampSources(root);
    writeFileSync(join(root, 'src/b.ts'), '');
    expect(isBuilt(root)).toBe(false);
  });
});
