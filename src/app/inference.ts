import { availableParallelism } from 'node:os';
import { Worker, type Transferable } from 'node:worker_threads';
import type { EngineChoice } from '../contract/engineChoice.ts';
import { KeysliceError, throwIfCancelled, toKeysliceError } from '../contract/errors.ts';
import type { EngineReport } from '../contract/ipc.ts';
import type { FrameFeatures, Selection } from '../contract/sampling.ts';
import type { TaskReply, TaskRequest } from '../imaging/frames/serveTasks.ts';
import { CANCEL, RUN, STOP } from './inferenceFlag.ts';
import type { ClassifyTask, SelectTask } from './inferenceService.ts';
import type { InferWorkerData, SelectMessage } from './workers/infer.ts';

export interface InferenceOptions {
  readonly workerUrl: URL;
  readonly engine: EngineChoice;
  /** Of engines that let themselves be told; default: one per core. */
  readonly threads?: number;
  /** Where the files of onnxruntime-web lie; null: beside its script. */
  readonly wasmFolder: string | null;
  /** File of the SIMD kernel; null: plain TypeScript. */
  readonly kernel: string | null;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: KeysliceError) => void;
}

/**
 * The one inference worker, for the whole life of the process: native sessions abort the process when their thread is
 * ended while they run, and want to be loaded in one thread only. Tasks run one at a time, in order; a cancelled one
 * stops at its next check and rejects with CANCELLED. The owner must await `close` before the process ends.
 */
export class Inference {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  readonly #flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Settles when the task before has been answered. */
  #turn: Promise<void> = Promise.resolve();
  #waiting: Waiting | null = null;
  #lost: KeysliceError | null = null;
  #closing: Promise<void> | null = null;
  #lastId = 0;
  /** What the worker got last, and keeps: selecting again must not copy it again. */
  #sent: FrameFeatures | null = null;

  constructor({ workerUrl, threads = availableParallelism(), ...rest }: InferenceOptions) {
    const workerData: InferWorkerData = { ...rest, threads, flag: this.#flag };
    this.#worker = new Worker(workerUrl, { workerData });
    this.#worker.on('message', (reply: TaskReply) => {
      this.#settle(reply);
    });
    this.#worker.on('error', (thrown: unknown) => {
      this.#lose(toKeysliceError(thrown));
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        this.#lose(new KeysliceError('INTERNAL', { reason: 'the inference thread has ended' }));
        resolve();
      });
    });
  }

  /**
   * Which engine runs and why the others do not; it is chosen at the first call of anything.
   * @throws KeysliceError ENGINE_UNAVAILABLE
   */
  async engineReport(): Promise<EngineReport> {
    return (await this.#run('engineReport', () => null)) as EngineReport;
  }

  /**
   * Goes on with another engine; the one before stays when this one cannot run.
   * @throws KeysliceError ENGINE_UNAVAILABLE
   */
  async useEngine(choice: EngineChoice): Promise<EngineReport> {
    return (await this.#run('useEngine', () => choice)) as EngineReport;
  }

  /**
   * Opens packages, so that the engine is known to compute what their cards say; one that does not gives way to the
   * CPU unless a person named it.
   * @returns the engine that runs from now on
   * @throws KeysliceError as packages and engines do
   */
  async open(folders: readonly string[]): Promise<EngineReport> {
    return (await this.#run('open', () => folders)) as EngineReport;
  }

  /** Scores and k frames of a series. @throws KeysliceError as the package, the sampler and the engine do; CANCELLED */
  async select(task: SelectTask, signal?: AbortSignal): Promise<Selection> {
    const message = (): SelectMessage => {
      const known = this.#sent === task.features;
      this.#sent = task.features;
      return { ...task, features: known ? null : task.features };
    };
    return (await this.#run('select', message, signal)) as Selection;
  }

  /**
   * Probability of each class, from the given frames alone. Their buffer moves to the worker.
   * @throws KeysliceError as the package and the engine do; CANCELLED
   */
  async classify(task: ClassifyTask, signal?: AbortSignal): Promise<Float64Array> {
    const { buffer } = task.stack.values;
    const transfer = buffer instanceof ArrayBuffer ? [buffer] : [];
    return (await this.#run('classify', () => task, signal, transfer)) as Float64Array;
  }

  /** Stops what runs at its next check, releases the engine and waits until the thread has ended by itself. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    Atomics.store(this.#flag, 0, STOP);
    await this.#turn;
    if (this.#lost === null) await this.#send('close', null, []);
    await this.#exited;
  }

  /** @param payload made when the task's turn has come */
  async #run(
    task: string,
    payload: () => unknown,
    signal?: AbortSignal,
    transfer: readonly Transferable[] = [],
  ): Promise<unknown> {
    if (this.#closing !== null) throw new KeysliceError('CANCELLED');
    const result = this.#turn.then(() => this.#runNow(task, payload, signal, transfer));
    const settled = (): void => undefined;
    this.#turn = result.then(settled, settled);
    return result;
  }

  async #runNow(
    task: string,
    payload: () => unknown,
    signal: AbortSignal | undefined,
    transfer: readonly Transferable[],
  ): Promise<unknown> {
    throwIfCancelled(signal);
    if (this.#closing !== null) throw new KeysliceError('CANCELLED');
    // STOP stays whatever happens.
    const cancel = (): void => void Atomics.compareExchange(this.#flag, 0, RUN, CANCEL);
    signal?.addEventListener('abort', cancel);
    try {
      return await this.#send(task, payload(), transfer);
    } finally {
      signal?.removeEventListener('abort', cancel);
      Atomics.compareExchange(this.#flag, 0, CANCEL, RUN);
    }
  }

  #send(task: string, payload: unknown, transfer: readonly Transferable[]): Promise<unknown> {
    if (this.#lost !== null) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      const request: TaskRequest = { id: ++this.#lastId, task, payload };
      this.#worker.postMessage(request, transfer);
    });
  }

  #settle(reply: TaskReply): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if ('error' in reply) waiting?.reject(KeysliceError.from(reply.error));
    else waiting?.resolve(reply.result);
  }

  #lose(error: KeysliceError): void {
    this.#lost ??= error;
    this.#waiting?.reject(this.#lost);
    this.#waiting = null;
  }
}
