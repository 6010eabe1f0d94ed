import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Manifest of the software Vulkan driver that comes with the Electron runtime; null when there is none. */
export function swiftShaderManifest(): string | null {
  const electron = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const manifest = join(electron, 'dist', 'vk_swiftshader_icd.json');
  return process.platform === 'linux' && existsSync(manifest) ? manifest : null;
}
