// Opens changed files for as long as is asked: npm run fuzz -- [--cases N] [--seed S] [--minutes M] [--replay FILE].
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './loadTypeScript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

process.chdir(root);
if (!existsSync('out/main/decode.js')) {
  console.error('The decode worker is not built yet. Run: npm run build');
  process.exit(2);
}
const { run } = await loadTypeScript(join(root, 'test/fuzz/fuzz.ts'), 'fuzz');
await run(process.argv.slice(2));
