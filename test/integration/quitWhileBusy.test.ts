import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { writeGoldenPackage } from '../fixtures/goldenPackage.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORKER = new URL('../../out/main/infer.js', import.meta.url);
const parent = temporaryFolder();

test('a process that quits while the engine is busy ends by itself, with exit code 0', async () => {
  const folder = await writeGoldenPackage(parent, 'busy');
  // Inside the checkout, so that the program finds its packages.
  const outDir = join(ROOT, 'out', 'test');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'test/fixtures/quitWhileBusy.ts', outDir, emptyOutDir: false },
  });
  // While the session is being made, while the first batches run, and later.
  for (const wait of [0, 60, 250, 700]) {
    const program = [join(outDir, 'quitWhileBusy.js'), WORKER.href, folder, String(wait)];
    // Rejects on any other exit code and on signals.
    const { stdout, stderr } = await promisify(execFile)(process.execPath, program, { timeout: 60_000 });
    expect({ stdout, stderr }).toEqual({ stdout: 'CANCELLED', stderr: '' });
  }
});
