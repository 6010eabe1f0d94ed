// Runs one benchmark: npm run bench -- NAME [arguments]. bench/NAME.ts exports `run(args: string[]): Promise<void>`.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

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

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: file,
    outDir: join(root, 'out', 'bench'),
    target: 'node20.18',
    emptyOutDir: false,
    rollupOptions: { output: { entryFileNames: '[name].js' } },
  },
});
process.chdir(root);
const { run } = await import(pathToFileURL(join(root, 'out', 'bench', `${name}.js`)).href);
await run(args);
