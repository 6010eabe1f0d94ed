import type { InferenceSession } from 'onnxruntime-common';
import { KeysliceError } from '../../contract/errors.ts';
import type { Engine } from './engine.ts';
import { missingDriver, type OnnxRuntimeDevice } from './missingDriver.ts';
import { createOrtSession } from './ortSession.ts';
import { probeModel } from './probeModel.ts';

/**
 * onnxruntime-node on one device. Load it in one worker per process only, and never end that worker while a
 * graph runs: the binding aborts the process (onnxruntime issue 20084 and own trials).
 * `KeysliceError ENGINE_UNAVAILABLE` says why the device cannot be used.
 */
export async function onnxRuntimeEngine(device: OnnxRuntimeDevice, threads: number): Promise<Engine> {
  const engine = `onnxruntime:${device}`;
  const missing = missingDriver(device, process.env);
  if (missing !== null) throw new KeysliceError('ENGINE_UNAVAILABLE', { engine, reason: missing });
  const runtime = await import('onnxruntime-node').catch((cause: unknown) => {
    const reason = `its library does not load: ${firstLine(cause)}`;
    throw new KeysliceError('ENGINE_UNAVAILABLE', { engine, reason }, { cause });
  });
  const options = sessionOptions(device, threads);
  // Providers say only when a session is made whether they work.
  const probe = await runtime.InferenceSession.create(probeModel(), options).catch((cause: unknown) => {
    throw new KeysliceError('ENGINE_UNAVAILABLE', { engine, reason: firstLine(cause) }, { cause });
  });
  await probe.release();
  return {
    name: 'onnxruntime',
    device,
    threads,
    createSession: (model) => createOrtSession(runtime, model, options),
  };
}

function sessionOptions(device: OnnxRuntimeDevice, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Reasons reach us as exceptions; the runtime's own lines on stderr would only repeat them.
    logSeverityLevel: 4,
    // Threads that spin while they wait take the cores from the decoder and the window.
    extra: { session: { intra_op: { allow_spinning: '0' }, set_denormal_as_zero: '1' } },
  };
}

/** The runtime's messages carry source locations and several lines; people need the last sentence of the first. */
function firstLine(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const line = message.split('\n', 1)[0] ?? message;
  return line.replace(/^.* was false\. /, '').trim();
}
