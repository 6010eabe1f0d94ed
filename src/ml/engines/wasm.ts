import { pathToFileURL } from 'node:url';
import { KeysliceError } from '../../contract/errors.ts';
import type { Engine } from './engine.ts';
import { createOrtSession } from './ortSession.ts';

/**
 * onnxruntime-web in Node: the same models without a native library, several times slower.
 * @param folder where `ort-wasm-simd-threaded.{mjs,wasm}` lie; null: beside the package's own script.
 * @throws KeysliceError ENGINE_UNAVAILABLE
 */
export async function wasmEngine(folder: string | null, threads: number): Promise<Engine> {
  const runtime = await import('onnxruntime-web').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeysliceError('ENGINE_UNAVAILABLE', { engine: 'wasm', reason }, { cause });
  });
  runtime.env.wasm.numThreads = threads;
  runtime.env.logLevel = 'error';
  if (folder !== null) runtime.env.wasm.wasmPaths = `${pathToFileURL(folder).href}/`;
  return {
    name: 'wasm',
    device: 'cpu',
    threads,
    createSession: (model) =>
      createOrtSession(runtime, model, { executionProviders: ['wasm'], graphOptimizationLevel: 'all' }),
  };
}
