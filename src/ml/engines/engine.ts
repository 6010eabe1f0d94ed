/** What every inference engine looks like. Sampler, classifier and training graphs run through this alone. */

export interface Tensor {
  /** `int64` only where an ONNX operator asks for indices. */
  readonly type: 'float32' | 'int64';
  readonly dims: readonly number[];
  /** Never on shared memory: onnxruntime refuses it. */
  readonly data: Float32Array | BigInt64Array;
}

export type Tensors = Readonly<Record<string, Tensor>>;

export interface EngineSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the graph; blocks the calling thread on native engines, so call it off the event loop of the window. */
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

export type EngineName = 'onnxruntime' | 'wasm' | 'tensorflow';

export interface Engine {
  readonly name: EngineName;
  /** `cpu`, `webgpu`, `cuda`, `gpu`, … as the engine itself reports it. */
  readonly device: string;
  readonly threads: number;
  /** @throws KeysliceError PACKAGE_INVALID when the engine refuses the model. */
  createSession(model: Uint8Array): Promise<EngineSession>;
}
