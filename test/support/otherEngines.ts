import '@tensorflow/tfjs-backend-wasm';
import { KeysliceError } from '../../src/contract/errors.ts';
import type { Engine } from '../../src/ml/engines/engine.ts';
import { onnxRuntimeEngine } from '../../src/ml/engines/onnxRuntime.ts';
import { tensorflowBackendEngine } from '../../src/ml/engines/tensorflow.ts';
import { wasmEngine } from '../../src/ml/engines/wasm.ts';
import { swiftShaderManifest } from './swiftShader.ts';

export interface OtherEngine {
  readonly name: string;
  /** Runs on a GPU that is imitated in software: right, and some hundred times slower. */
  readonly slow: boolean;
  /** The engine, or why there is none here. */
  readonly start: () => Promise<Engine | string>;
}

/** What is compared with onnxruntime on one thread of the CPU. TensorFlow.js runs on the backend that tests have. */
export const OTHER_ENGINES: readonly OtherEngine[] = [
  { name: 'onnxruntime on two threads', slow: false, start: () => onnxRuntimeEngine('cpu', 2) },
  { name: 'onnxruntime-web', slow: false, start: () => wasmEngine(null, 2) },
  { name: 'TensorFlow.js', slow: false, start: () => tensorflowBackendEngine('wasm') },
  { name: 'WebGPU', slow: true, start: startWebGpu },
];

/** On the software driver that comes with Electron, whatever the machine has: a GPU's own driver rounds as it likes. */
async function startWebGpu(): Promise<Engine | string> {
  const manifest = swiftShaderManifest();
  if (manifest === null) return 'there is no Electron runtime that brings a software driver for Vulkan';
  process.env['VK_ICD_FILENAMES'] = manifest;
  try {
    return await onnxRuntimeEngine('webgpu', 1);
  } catch (error) {
    if (error instanceof KeysliceError && error.code === 'ENGINE_UNAVAILABLE') return error.message;
    throw error;
  }
}
