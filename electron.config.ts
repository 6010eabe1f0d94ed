import { existsSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

// The oldest runtime that must run the code, not the version in node_modules/electron: electron-vite would
// otherwise build for the newest one, and the fallback (Electron 33) could not read it.
const NODE = 'node20.18';
const CHROME = 'chrome130';

const WORKERS = 'src/app/workers';

/** Entries of the main build by output name: window, command line, and every worker thread. */
function mainEntries(): Record<string, string> {
  const workers = existsSync(WORKERS) ? readdirSync(WORKERS).filter((name) => name.endsWith('.ts')) : [];
  const entries = {
    index: 'src/main/index.ts',
    cli: 'src/cli/main.ts',
    ...Object.fromEntries(workers.map((name) => [basename(name, '.ts'), `${WORKERS}/${name}`])),
  };
  return Object.fromEntries(
    Object.entries(entries)
      .filter(([, file]) => existsSync(file))
      .map(([name, file]) => [name, resolve(file)]),
  );
}

const main = {
  build: { target: NODE, outDir: 'out/main', externalizeDeps: true, rollupOptions: { input: mainEntries() } },
};

// A sandboxed preload is CommonJS and can require nothing but Electron's own modules: all is bundled into it.
const preload = {
  build: {
    target: NODE,
    outDir: 'out/preload',
    externalizeDeps: false,
    rollupOptions: {
      input: { index: resolve('src/main/preload.ts'), video: resolve('src/main/videoPreload.ts') },
      output: { format: 'cjs' as const, entryFileNames: '[name].cjs' },
    },
  },
};

const renderer = {
  root: 'src/renderer',
  plugins: [svelte({ configFile: resolve('svelte.config.js') })],
  worker: { format: 'es' as const },
  server: { hmr: { protocol: 'ws', host: 'localhost' } },
  // Cornerstone3D reaches for Node's `events`; the page has none.
  resolve: { alias: { events: resolve('node_modules/events/events.js') } },
  build: {
    target: CHROME,
    outDir: resolve('out/renderer'),
    rollupOptions: {
      input: { index: resolve('src/renderer/index.html'), video: resolve('src/renderer/video.html') },
    },
  },
};

export default defineConfig({
  main,
  ...(existsSync('src/main/preload.ts') ? { preload } : {}),
  ...(existsSync('src/renderer/index.html') ? { renderer } : {}),
});
