import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from 'onnxruntime-common';
import { KeysliceError } from '../../contract/errors.ts';
import type { EngineSession, Tensor, Tensors } from './engine.ts';
import { unusableModel } from './unusableModel.ts';

/** The part that onnxruntime-node and onnxruntime-web share; each brings its own tensor class. */
export interface OrtRuntime {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

/**
 * Makes a session of a model on an onnxruntime.
 * @throws KeysliceError PACKAGE_INVALID with the runtime's reason when it refuses the model.
 */
export async function createOrtSession(
  runtime: OrtRuntime,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<EngineSession> {
  const session = await runtime.InferenceSession.create(model, options).catch((cause: unknown) => {
    throw unusableModel(cause instanceof Error ? cause.message : String(cause), cause);
  });
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: (inputs) => runOrt(session, runtime.Tensor, inputs),
    release: () => session.release(),
  };
}

async function runOrt(
  session: InferenceSession,
  tensor: TensorConstructor,
  inputs: Tensors,
): Promise<Tensors> {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, data, dims }]) => [name, new tensor(type, data, dims)]),
  );
  const outputs = await session.run(feeds).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KeysliceError('INTERNAL', { reason: `the engine stopped: ${reason}` }, { cause });
  });
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fromOrt(name, value)]));
}

function fromOrt(name: string, { type, dims, data }: OrtTensor): Tensor {
  if (type === 'float32' && data instanceof Float32Array) return { type, dims, data };
  if (type === 'int64' && data instanceof BigInt64Array) return { type, dims, data };
  throw unusableModel(`output ${name} is of type ${type}`);
}
