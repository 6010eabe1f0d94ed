import { createRequire } from 'node:module';

/** Optional peer dependency; holds the native library and registers the backend `tensorflow`. */
export const TENSORFLOW_PACKAGE = '@tensorflow/tfjs-node-gpu';

export function tensorflowInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve(TENSORFLOW_PACKAGE);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return false;
    throw error;
  }
}
