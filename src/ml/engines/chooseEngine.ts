import type { EngineChoice } from '../../contract/engineChoice.ts';
import { KeysliceError } from '../../contract/errors.ts';
import type { EngineReport } from '../../contract/ipc.ts';
import type { Engine } from './engine.ts';
import { missingDriver } from './missingDriver.ts';
import { onnxRuntimeEngine } from './onnxRuntime.ts';
import { tensorflowInstalled } from './tensorflowInstalled.ts';
import { timeEngine } from './timeEngine.ts';
import { wasmEngine } from './wasm.ts';

export interface EngineOptions {
  /** Of the engines that let themselves be told. */
  readonly threads: number;
  /** Where the files of onnxruntime-web lie; null: beside its script. */
  readonly wasmFolder: string | null;
}

export interface ChosenEngine {
  readonly engine: Engine;
  readonly report: EngineReport;
}

type Refusals = EngineReport['refused'];

const ASKED_ONLY = 'used only when asked for';

/**
 * The engine that a choice stands for. `auto`: the faster of WebGPU and CPU on this machine, timed; onnxruntime-web
 * where the native library does not load. Any other choice is taken at its word.
 * @throws KeysliceError ENGINE_UNAVAILABLE with the reason when the engine that was asked for cannot run.
 */
export async function chooseEngine(choice: EngineChoice, options: EngineOptions): Promise<ChosenEngine> {
  const { threads, wasmFolder } = options;
  if (choice === 'auto') return chooseAny(options);
  if (choice === 'onnxruntime') return reported(await fasterNative(threads));
  if (choice === 'wasm') return asked(await wasmEngine(wasmFolder, threads));
  if (choice === 'tensorflow') return asked(await askedTensorflow());
  if (choice === 'onnxruntime:cpu') return asked(await onnxRuntimeEngine('cpu', threads));
  if (choice === 'onnxruntime:webgpu') return asked(await onnxRuntimeEngine('webgpu', threads));
  return asked(await onnxRuntimeEngine('cuda', threads));
}

/** TensorFlow.js is loaded only here: it takes long to start. */
async function askedTensorflow(): Promise<Engine> {
  const { tensorflowEngine } = await import('./tensorflow.ts');
  return tensorflowEngine();
}

async function chooseAny({ threads, wasmFolder }: EngineOptions): Promise<ChosenEngine> {
  const native = await attempt(fasterNative(threads));
  const others = [
    { name: 'onnxruntime:cuda', reason: missingDriver('cuda', process.env) ?? ASKED_ONLY },
    { name: 'tensorflow', reason: tensorflowInstalled() ? ASKED_ONLY : 'the package is not installed' },
  ];
  if (native.refusal !== null) {
    const engine = await wasmEngine(wasmFolder, threads);
    return reported({ engine, refused: [{ name: 'onnxruntime', reason: native.refusal }, ...others] });
  }
  const { engine, refused } = native.value;
  const slower = { name: 'wasm', reason: 'slower than the native library' };
  return reported({ engine, refused: [...refused, slower, ...others] });
}

interface Candidate {
  readonly engine: Engine;
  readonly refused: Refusals;
}

/** The faster device of onnxruntime; a GPU that is only imitated in software loses here. */
async function fasterNative(threads: number): Promise<Candidate> {
  const cpu = await onnxRuntimeEngine('cpu', threads);
  const webgpu = await attempt(onnxRuntimeEngine('webgpu', threads));
  if (webgpu.refusal !== null)
    return { engine: cpu, refused: [{ name: 'onnxruntime:webgpu', reason: webgpu.refusal }] };
  const cpuMs = await timeEngine(cpu);
  const webgpuMs = await timeEngine(webgpu.value);
  const [engine, loser] = webgpuMs < cpuMs ? [webgpu.value, cpu] : [cpu, webgpu.value];
  const [fast, slow] = [Math.min(cpuMs, webgpuMs), Math.max(cpuMs, webgpuMs)].map((ms) => ms.toFixed(1));
  const reason = `slower here: ${slow} ms against ${fast} ms`;
  return { engine, refused: [{ name: `onnxruntime:${loser.device}`, reason }] };
}

type Attempt<T> = { value: T; refusal: null } | { refusal: string };

async function attempt<T>(trial: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await trial, refusal: null };
  } catch (error) {
    if (!(error instanceof KeysliceError) || error.code !== 'ENGINE_UNAVAILABLE') throw error;
    return { refusal: String(error.facts['reason']) };
  }
}

/**
 * The CPU in the place of an engine that was chosen but turned out to be unusable.
 * @param unusable its ENGINE_UNAVAILABLE
 * @throws KeysliceError ENGINE_UNAVAILABLE when there is no CPU engine either
 */
export async function fallBackToCpu(
  unusable: KeysliceError,
  { threads }: EngineOptions,
): Promise<ChosenEngine> {
  const { engine: name, reason } = unusable.facts;
  const engine = await onnxRuntimeEngine('cpu', threads);
  return reported({ engine, refused: [{ name: String(name), reason: String(reason) }] });
}

function asked(engine: Engine): ChosenEngine {
  return reported({ engine, refused: [] });
}

function reported({ engine, refused }: Candidate): ChosenEngine {
  const { name, device, threads } = engine;
  const runs = `${name} on ${device}${device === 'cpu' ? `, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : ''}`;
  const others = refused.map((refusal) => `${refusal.name} (${refusal.reason})`).join(', ');
  const line = others === '' ? `Engine: ${runs}.` : `Engine: ${runs}. Not used: ${others}.`;
  return { engine, report: { chosen: { name, device, threads }, line, refused } };
}
