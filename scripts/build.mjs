// Builds everything into out/: window, command line, workers, preload, page, and the feature kernel.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stampSources } from './sourceStamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {string} script
 * @param {string[]} args
 */
function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

run('node_modules/electron-vite/bin/electron-vite.js', 'build', '-c', 'electron.config.ts');
if (existsSync(resolve(root, 'scripts/buildKernel.mjs'))) run('scripts/buildKernel.mjs');
stampSources(root);
