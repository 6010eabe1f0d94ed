import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Installation } from './installation.ts';
import { userModelsFolder } from './models.ts';

const manifest = z.object({ version: z.string() });

/**
 * The installation around a built program: a checkout and an installed program look alike.
 * @param built URL of the folder `out/main/`, two levels below the root
 */
export function findInstallation(built: URL): Installation {
  const root = new URL('../../', built);
  const at = (relative: string): string => fileURLToPath(new URL(relative, root));
  const kernel = at('out/kernels/features.wasm');
  const sample = at('resources/sample/study');
  return {
    root: at('.'),
    version: manifest.parse(JSON.parse(readFileSync(at('package.json'), 'utf8'))).version,
    decodeWorker: new URL('decode.js', built),
    inferWorker: new URL('infer.js', built),
    kernel: existsSync(kernel) ? kernel : null,
    models: [at('resources/models'), userModelsFolder()],
    sample: existsSync(sample) ? sample : null,
  };
}
