// Runs one benchmark: npm run bench -- NAME [arguments]. bench/NAME.ts exports `run(args: string[]): Promise<void>`.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './loadTypeScript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name, ...args] = process.argv.slice(2);
const file = join(root, 'bench', `${name}.ts`);

if (name === undefined || !existsSync(file)) {
  const names = readdirSync(join(root, 'bench')).filter((entry) => entry.endsWith('.ts'));
  console.error(
    `npm run bench -- NAME [--out F.json], where NAME is one of: ${names.map((n) => basename(n, '.ts')).join(', ')}`,
  );
  process.exit(2);
}

process.chdir(root);
const { run } = await loadTypeScript(file, 'bench');
await run(args);
