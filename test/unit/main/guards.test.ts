import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { devServerAddress } from '../../../src/main/devServer.ts';
import { PrivateFolder } from '../../../src/main/privateFolder.ts';
import { requestAllowed } from '../../../src/main/sessionGuards.ts';

describe('requests', () => {
  it.each(['keyslice://app/index.html', 'blob:keyslice://app/1-2', 'data:image/png;base64,AA=='])(
    'to the app itself go out: %s',
    (address) => {
      expect(requestAllowed(address, null)).toBe(true);
    },
  );
  it.each([
    'https://example.org/',
    'http://localhost:5173/',
    'ws://localhost:5173/',
    'file:///etc/passwd',
    'ftp://x/',
  ])('elsewhere do not: %s', (address) => {
    expect(requestAllowed(address, null)).toBe(false);
  });
  it('reach the development server while developing, and no other port', () => {
    const devServer = 'http://localhost:5173';
    expect(requestAllowed('ws://localhost:5173/socket', devServer)).toBe(true);
    expect(requestAllowed('http://localhost:9229/json', devServer)).toBe(false);
  });
});

describe('the development server', () => {
  const withAddress = (address: string, packaged: boolean): string | null => {
    process.env['ELECTRON_RENDERER_URL'] = address;
    try {
      return devServerAddress(packaged);
    } finally {
      delete process.env['ELECTRON_RENDERER_URL'];
    }
  };
  it('is this machine, and never there in a packaged program', () => {
    expect(withAddress('http://localhost:5173/', false)).toBe('http://localhost:5173');
    expect(withAddress('http://localhost:5173/', true)).toBeNull();
    expect(withAddress('http://example.org/', false)).toBeNull();
  });
});

describe('the folder of temporary files', () => {
  it('is empty and private at the start, and gone at the end', () => {
    const parent = mkdtempSync(join(tmpdir(), 'keyslice-private-'));
    try {
      const path = join(parent, 'temp');
      new PrivateFolder(path);
      writeFileSync(join(path, 'left behind'), '');
      const next = new PrivateFolder(path);
      expect(existsSync(join(path, 'left behind'))).toBe(false);
      expect(statSync(path).mode & 0o777).toBe(0o700);
      next.remove();
      expect(existsSync(path)).toBe(false);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });
});
