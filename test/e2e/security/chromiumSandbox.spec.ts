import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { electronFlags, isRoot } from '../../../scripts/electronFlags.mjs';
import { expect, REPOSITORY, test } from '../support/launch.ts';

/** `nobody` on Debian. */
const UNPRIVILEGED = 65534;
const AS_UNPRIVILEGED = ['--reuid', `${UNPRIVILEGED}`, '--regid', `${UNPRIVILEGED}`, '--clear-groups'];

/** Why the case cannot run here, or null. */
function obstacle(): string | null {
  if (!isRoot()) return 'the other tests already run as an unprivileged user, with the sandbox';
  const can = (...command: string[]): boolean =>
    spawnSync('setpriv', [...AS_UNPRIVILEGED, ...command]).status === 0;
  if (!can('test', '-r', join(REPOSITORY, 'package.json')))
    return 'an unprivileged user cannot read the checkout';
  if (!can('unshare', '--user', 'true')) return 'unprivileged user namespaces are switched off here';
  return null;
}

test('an unprivileged user gets the Chromium sandbox around the page', async ({ folder, launch }) => {
  const reason = obstacle();
  test.skip(reason !== null, reason ?? '');
  chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
  const keyslice = await launch({
    executablePath: unprivilegedElectron(folder),
    flags: electronFlags().filter((flag) => flag !== '--no-sandbox'),
    env: { HOME: folder, XDG_CONFIG_HOME: folder, XDG_CACHE_HOME: folder },
  });
  const page = await keyslice.app.evaluate(({ app }) => ({
    uid: process.getuid?.(),
    pid: app.getAppMetrics().find(({ type }) => type === 'Tab')?.pid,
  }));
  expect(page.uid).toBe(UNPRIVILEGED);
  // Seccomp 2: the renderer's system calls pass a filter (proc(5)).
  expect(readFileSync(`/proc/${page.pid ?? 0}/status`, 'utf8')).toMatch(/^Seccomp:\s+2$/m);
  const answer = await keyslice.page.evaluate(() => window.keyslice.appInfo({}));
  expect(answer).toMatchObject({ ok: true, value: { sandboxed: true } });
});

/** A program that starts Electron as `nobody`, with a copy of the display's key that it may read. */
function unprivilegedElectron(home: string): string {
  const electron: unknown = createRequire(import.meta.url)('electron');
  const key = process.env['XAUTHORITY'];
  const ownKey = join(home, 'Xauthority');
  if (key !== undefined) {
    copyFileSync(key, ownKey);
    chownSync(ownKey, UNPRIVILEGED, UNPRIVILEGED);
  }
  const script = join(home, 'electron.sh');
  // Playwright adds --no-sandbox by itself when it runs as root.
  const lines = [
    '#!/bin/sh',
    `export XAUTHORITY='${ownKey}'`,
    'for arg do shift; [ "$arg" = --no-sandbox ] || set -- "$@" "$arg"; done',
    `exec setpriv ${AS_UNPRIVILEGED.join(' ')} '${String(electron)}' "$@"`,
  ];
  writeFileSync(script, `${lines.join('\n')}\n`);
  chmodSync(script, 0o755);
  return script;
}
