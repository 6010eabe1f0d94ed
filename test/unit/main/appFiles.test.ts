import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appFileResponse } from '../../../src/main/appFiles.ts';

let folder = '';
let root = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyslice-files-'));
  root = join(folder, 'page');
  mkdirSync(join(root, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'page-too'));
  writeFileSync(join(root, 'index.html'), '<p>page</p>');
  writeFileSync(join(root, 'assets', 'a b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'page-too', 'secret.txt'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
  symlinkSync(join(root, 'assets'), join(root, 'inside'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const get = (path: string, method = 'GET'): Promise<Response> =>
  appFileResponse(new Request(`keyslice://app${path}`, { method }), { root, devServer: null });

describe('files of the page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8', '<p>page</p>'],
    ['/assets/a%20b.js', 'text/javascript; charset=utf-8', 'export {};'],
    ['/inside/a%20b.js', 'text/javascript; charset=utf-8', 'export {};'],
  ])('serves %s', async (path, type, text) => {
    const response = await get(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
    expect(await response.text()).toBe(text);
  });

  it.each([
    ['dots', '/../secret.txt'],
    ['an encoded slash', '/..%2fsecret.txt'],
    ['encoded dots', '/%2e%2e%2fsecret.txt'],
    ['a backslash', '/..%5csecret.txt'],
    ['a neighbour whose name begins alike', '/..%2fpage-too%2fsecret.txt'],
    ['a link out', '/link.txt'],
    ['an absolute path', '//etc/passwd'],
    ['a NUL byte', '/index.html%00.js'],
    ['a malformed escape', '/%zz'],
    ['a folder', '/assets'],
    ['nothing there', '/missing.js'],
  ])('refuses %s', async (_, path) => {
    const response = await get(path);
    expect([response.status, await response.text()]).toEqual([404, 'Not found']);
  });

  it('answers GET on its own host only', async () => {
    expect((await get('/', 'POST')).status).toBe(405);
    const elsewhere = new Request('keyslice://other/index.html');
    expect((await appFileResponse(elsewhere, { root, devServer: null })).status).toBe(404);
  });

  it.each(['/', '/missing.js'])('sets the policy on every answer: %s', async (path) => {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1];
    expect(scripts).toBe("'self' 'wasm-unsafe-eval'");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('http');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('in development', () => {
  let server: Server;
  let asked: (string | undefined)[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = [request.url, request.headers.accept];
      response.setHeader('content-type', 'text/javascript');
      response.end('changed');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => {
    server.close();
  });

  it('passes the request on, with the policy and a socket for changed modules', async () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const request = new Request('keyslice://app/main.ts?t=1', { headers: { accept: '*/*', cookie: 'x=1' } });
    const response = await appFileResponse(request, { root, devServer: `http://127.0.0.1:${port}` });
    expect([await response.text(), asked]).toEqual(['changed', ['/main.ts?t=1', '*/*']]);
    expect(response.headers.get('content-security-policy')).toContain("connect-src 'self' ws://localhost:*;");
  });
});
