// The main job on the sample study: in a window where there is a display, on the command line otherwise.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronFlags, hasDisplay, hasGpu, isRoot } from './electronFlags.mjs';
import { installedElectron } from './setup/electronRuntime.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const sample = join(root, 'resources', 'sample', 'study');

/** @param {string[]} args */
function keyslice(...args) {
  console.log(`\n$ keyslice ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, ['bin/keyslice.js', ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

function runOnCommandLine() {
  const out = join(root, 'runs', 'sample');
  keyslice('triage', sample);
  // The second series of the sample is one that the shipped classifier was made for.
  keyslice('triage', sample, '--series', '1');
  keyslice('export', sample, '--out', out, '--overwrite');
  console.log(`\nThe reduced study lies in ${out}`);
}

function openWindow() {
  if (isRoot()) console.log('Running as root: Chromium starts with --no-sandbox (the page stays sandboxed).');
  if (!hasGpu()) console.log('No GPU: the images are drawn by the CPU.');
  const electron = createRequire(import.meta.url)('electron');
  const paths = process.argv.length > 2 ? process.argv.slice(2) : existsSync(sample) ? [sample] : [];
  const { status } = spawnSync(electron, [...electronFlags(), root, ...paths], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

if (!hasDisplay()) {
  console.log('There is no display: the sample study is triaged and exported on the command line.');
  runOnCommandLine();
} else if (installedElectron(root) === '') {
  console.log('There is no Electron: the sample study is triaged and exported on the command line.');
  runOnCommandLine();
} else {
  openWindow();
}
