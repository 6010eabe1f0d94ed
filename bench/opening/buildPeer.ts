import { join, resolve } from 'node:path';
import { build } from 'vite';

const OUT = 'out/bench/opening';

/** Builds the peer's page and main script as `electron.config.ts` builds ours; returns the script. */
export async function buildPeer(): Promise<string> {
  await build({
    root: 'bench/opening',
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    resolve: { alias: { events: resolve('node_modules/events/events.js') } },
    build: {
      target: 'chrome130',
      outDir: resolve(OUT, 'page'),
      emptyOutDir: true,
      rolldownOptions: { input: resolve('bench/opening/peer.html') },
    },
  });
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      ssr: 'bench/opening/peerMain.ts',
      outDir: resolve(OUT),
      target: 'node20.18',
      emptyOutDir: false,
      rolldownOptions: { external: ['electron'], output: { entryFileNames: 'main.mjs' } },
    },
  });
  return join(OUT, 'main.mjs');
}
