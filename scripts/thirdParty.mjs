// Writes THIRD-PARTY.md from the lockfile: node scripts/thirdParty.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ version?: string, license?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string>, devDependencies?: Record<string, string> }} Entry */
/** @typedef {Readonly<Record<string, Entry>>} Lock */

/** Development dependencies that the build puts into the page, or that the package ships as its runtime. */
const BUNDLED = [
  '@cornerstonejs/core',
  '@cornerstonejs/metadata',
  '@cornerstonejs/tools',
  '@cornerstonejs/utils',
  '@fontsource-variable/inter',
  '@lucide/svelte',
  'electron',
  'events',
  'mediabunny',
  'svelte',
];

const HEAD = `# Third-party software

Generated from package-lock.json by \`node scripts/thirdParty.mjs\`; do not edit. Each package's licence text is in its
folder under node_modules. The sample study and the data that models were trained on have their licences beside them,
in resources/.
`;

/**
 * Where a package finds another by name: in its own node_modules, then in each folder above.
 * @param {Lock} lock
 * @param {string} from key of the lockfile
 * @param {string} name
 * @returns {string | null}
 */
function resolveIn(lock, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const key = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (key in lock) return key;
    if (folder === '') return null;
  }
}

/**
 * Keys of all packages that the named ones need.
 * @param {Lock} lock
 * @param {readonly string[]} names
 */
function closure(lock, names) {
  /** @type {Set<string>} */
  const found = new Set();
  const queue = names.map((name) => ({ from: '', name }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const key = resolveIn(lock, next.from, next.name);
    if (key === null || found.has(key)) continue;
    found.add(key);
    const { dependencies = {}, optionalDependencies = {} } = lock[key] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      queue.push({ from: key, name });
  }
  return found;
}

/**
 * @param {Lock} lock
 * @param {readonly string[]} keys
 */
function table(lock, keys) {
  const rows = keys.map((key) => {
    const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return `| ${name} | ${lock[key]?.version ?? ''} | ${lock[key]?.license ?? 'see the package'} |`;
  });
  return ['| package | version | licence |', '| --- | --- | --- |', ...new Set(rows.sort())].join('\n');
}

/**
 * The text of THIRD-PARTY.md.
 * @param {string} root
 */
export function thirdPartyText(root) {
  /** @type {Lock} */
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const shipped = closure(lock, [...Object.keys(lock['']?.dependencies ?? {}), ...BUNDLED]);
  const rest = Object.keys(lock).filter((key) => key !== '' && !shipped.has(key));
  return [
    HEAD,
    `## Shipped with Keyslice\n\n${table(lock, [...shipped])}\n`,
    `## Used to build and test it\n\n${table(lock, rest)}\n`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  writeFileSync(join(root, 'THIRD-PARTY.md'), thirdPartyText(root));
}
