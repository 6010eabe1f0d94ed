import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FeatureKernel } from '../../src/ml/features/featureKernel.ts';
import { loadFeatureKernel } from '../../src/ml/features/wasmKernel.ts';

/** The SIMD kernel, compiled from its source: tests never meet a stale build. */
export function compileFeatureKernel(): FeatureKernel {
  const folder = mkdtempSync(join(tmpdir(), 'keyslice-kernel-'));
  try {
    const file = join(folder, 'features.wasm');
    execFileSync(process.execPath, [
      fileURLToPath(new URL('../../scripts/buildKernel.mjs', import.meta.url)),
      file,
    ]);
    return loadFeatureKernel(new Uint8Array(readFileSync(file)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
