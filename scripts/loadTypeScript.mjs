import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a TypeScript file of the repository and imports the result.
 * @param {string} file absolute path
 * @param {string} folder below out/
 */
export async function loadTypeScript(file, folder) {
  const outDir = join(root, 'out', folder);
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: file,
      outDir,
      target: 'node20.18',
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: '[name].js' } },
    },
  });
  return import(pathToFileURL(join(outDir, basename(file).replace(/\.ts$/, '.js'))).href);
}
