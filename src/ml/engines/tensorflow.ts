import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { KeysliceError } from '../../contract/errors.ts';
import { readOnnx } from '../graph/readOnnx.ts';
import type { Engine } from './engine.ts';
import { createTensorflowSession } from './tensorflow/session.ts';
import { TENSORFLOW_PACKAGE, tensorflowInstalled } from './tensorflowInstalled.ts';

const ENGINE = 'tensorflow';

/**
 * The ONNX graphs of a package on TensorFlow's native library, interpreted operator by operator.
 * @throws KeysliceError ENGINE_UNAVAILABLE
 */
export async function tensorflowEngine(): Promise<Engine> {
  if (!tensorflowInstalled())
    throw new KeysliceError('ENGINE_UNAVAILABLE', {
      engine: ENGINE,
      reason: `${TENSORFLOW_PACKAGE} is not installed`,
    });
  restoreUtil();
  const name: string = TENSORFLOW_PACKAGE;
  await import(name).catch((cause: unknown) => {
    const message = cause instanceof Error ? cause.message : String(cause);
    const reason = /tfjs_binding\.node/.test(message)
      ? 'its native library was not downloaded when it was installed'
      : (message.split('\n', 1)[0] ?? message);
    throw new KeysliceError('ENGINE_UNAVAILABLE', { engine: ENGINE, reason }, { cause });
  });
  return tensorflowBackendEngine('tensorflow');
}

/**
 * The same engine on any registered backend of TensorFlow.js.
 * @throws KeysliceError ENGINE_UNAVAILABLE when the backend does not start.
 */
export async function tensorflowBackendEngine(backend: string): Promise<Engine> {
  const started = await tf.setBackend(backend);
  if (!started) {
    const reason = `the backend ${backend} does not start`;
    throw new KeysliceError('ENGINE_UNAVAILABLE', { engine: ENGINE, reason });
  }
  return {
    name: ENGINE,
    device: deviceOf(tf.backend(), backend),
    // The library chooses them itself.
    threads: 1,
    createSession: (model) =>
      Promise.resolve(model).then((bytes) => createTensorflowSession(readOnnx(bytes))),
  };
}

/** Without CUDA the native backend computes on the CPU and says so only in this flag. */
function deviceOf(backend: object, name: string): string {
  if (name !== 'tensorflow') return name;
  return 'isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true ? 'gpu' : 'cpu';
}

/** tfjs-node 4.22.0 calls two functions that Node 23 removed (tensorflow/tfjs pull request 8425, unreleased). */
function restoreUtil(): void {
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: (value: unknown) => Array.isArray(value),
  };
  const missing = Object.entries(removed).filter(([name]) => !(name in util));
  Object.assign(util, Object.fromEntries(missing));
}
