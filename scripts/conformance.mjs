// Judges every frame of the shared data and writes docs/conformance.md: npm run conformance [-- --out F.md]
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTypeScript } from './loadTypeScript.mjs';
import { isBuilt } from './sourceStamp.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const out = resolve(values.out ?? join(root, 'docs/conformance.md'));

const { conformanceMissing, runConformance } = await loadTypeScript(
  join(root, 'test/conformance/runConformance.ts'),
  'conformance',
);
/** @type {string | null} */
const missing = isBuilt(root) ? conformanceMissing() : 'the program is not built (npm run build)';
if (missing !== null) {
  console.error(`conformance: not run, ${missing}`);
  process.exit(2);
}
/** @type {{ page: string, faults: string[] }} */
const { page, faults } = await runConformance((/** @type {string} */ line) => console.error(line));
writeFileSync(out, page);
console.log(page.slice(0, page.indexOf('\n## Files')));
for (const fault of faults) console.error(`fault: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
