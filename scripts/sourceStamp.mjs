// Whether out/ was built from the sources that are here now.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const INPUTS = [
  'src',
  'electron.config.ts',
  'svelte.config.js',
  'tsconfig.json',
  'package-lock.json',
  'scripts/build.mjs',
  'scripts/buildKernel.mjs',
];

/** @param {string} root */
const stampFile = (root) => join(root, 'out', '.sources.sha256');

/**
 * The file itself, or the files below a folder in a fixed order.
 * @param {string} path
 * @returns {string[]}
 */
function filesOf(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * SHA-256 over the names and bytes of all that a build is made from.
 * @param {string} root
 */
export function hashSources(root) {
  const hash = createHash('sha256');
  const inputs = INPUTS.map((name) => resolve(root, name)).filter((path) => existsSync(path));
  for (const file of inputs.flatMap(filesOf)) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** @param {string} root */
export function isBuilt(root) {
  const file = stampFile(root);
  return existsSync(file) && readFileSync(file, 'utf8') === hashSources(root);
}

/** @param {string} root */
export function stampSources(root) {
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stampFile(root), hashSources(root));
}
