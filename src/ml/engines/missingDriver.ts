import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export type OnnxRuntimeDevice = 'cpu' | 'webgpu' | 'cuda';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Why a device cannot work on this machine, told from files alone; null when there is nothing against trying.
 * Asking the runtime instead would print its own errors on the terminal.
 */
export function missingDriver(device: OnnxRuntimeDevice, environment: Environment): string | null {
  if (device === 'cpu' || process.platform !== 'linux') return null;
  if (device === 'cuda') {
    const files = ['shared', 'cuda'].map((name) => `libonnxruntime_providers_${name}.so`);
    const absent = files.find((file) => !existsSync(join(bindingFolder(), file)));
    return absent === undefined ? null : `${absent} is not beside onnxruntime's own library`;
  }
  return hasVulkanDriver(environment) ? null : 'no Vulkan driver is installed';
}

function bindingFolder(): string {
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  return join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch);
}

/** Where the Vulkan loader looks for driver manifests (LoaderInterfaceArchitecture, "Linux Driver Discovery"). */
function hasVulkanDriver(environment: Environment): boolean {
  const named = [environment['VK_DRIVER_FILES'], environment['VK_ICD_FILENAMES']].filter(Boolean);
  if (named.length > 0) return named.some((files) => files?.split(':').some((file) => existsSync(file)));
  const bases = ['/etc', '/usr/local/etc', '/usr/local/share', '/usr/share', join(homedir(), '.local/share')];
  return bases
    .map((base) => join(base, 'vulkan', 'icd.d'))
    .some((folder) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json')));
}
