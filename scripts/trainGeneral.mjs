// Trains, measures and writes the general package: node scripts/trainGeneral.mjs [--data CORPUS] [--out FOLDER]
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildKernel } from './buildKernel.mjs';
import { loadTypeScript } from './loadTypeScript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
const data = resolve(values.data ?? join(root, '../shared/data'));
const out = resolve(values.out ?? join(root, 'resources/models/general'));
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const kernel = join(root, 'out/kernels/features.wasm');

await buildKernel(kernel);
const { trainGeneralPackage } = await loadTypeScript(join(root, 'src/app/trainGeneral.ts'), 'tools');
const card = await trainGeneralPackage({
  data,
  out,
  kernel,
  commit,
  log: (/** @type {string} */ line) => console.error(line),
});
console.log(JSON.stringify(card.metrics.summary, null, 2));
