// Writes the metrics.json of what a list of studies gives away without its images: frames and brightness.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildKernel } from '../buildKernel.mjs';
import { loadTypeScript } from '../loadTypeScript.mjs';

/** @param {string} root of the repository @param {string} list @param {string} out */
export async function measureShortcuts(root, list, out) {
  const kernel = join(root, 'out/kernels/features.wasm');
  await buildKernel(kernel);
  const { shortcutRun } = await loadTypeScript(join(root, 'src/app/shortcutRun.ts'), 'tools');
  const metrics = await shortcutRun({ root, kernel }, list);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, JSON.stringify(metrics, null, 2) + '\n');
}
