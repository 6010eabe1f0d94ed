/**
 * A bounded pool of worker threads. A task that hangs, crashes its thread or exhausts its memory costs that task
 * alone: the thread is replaced when the next task needs one.
 */
import { Worker } from 'node:worker_threads';
import type { Transferable } from 'node:worker_threads';
import { KeysliceError } from '../../contract/errors.ts';
import { TaskQueue } from './taskQueue.ts';
import type { TaskReply, TaskRequest } from './serveTasks.ts';

export interface WorkerPoolOptions {
  /** A module that calls `serveTasks`. */
  url: URL;
  /** Threads at most; they are started when there is work for them, or by `warmUp`. */
  size: number;
  workerData?: unknown;
  /** JavaScript heap of one thread; typed arrays and wasm memory are not part of it. */
  maxHeapMb?: number;
}

export interface RunOptions {
  /** Higher goes first; a function is asked again each time a thread becomes free. */
  priority: number | (() => number);
  /** Takes a waiting task out of the queue, with CANCELLED; a running one goes on and its result is dropped. */
  signal?: AbortSignal;
  timeoutMs?: number;
  transfer?: readonly Transferable[];
  /** The error of a task whose thread died, `reason` in words; default INTERNAL. */
  lost?: (reason: string) => KeysliceError;
}

interface Job {
  readonly request: TaskRequest;
  readonly options: RunOptions;
  readonly priority: () => number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: KeysliceError) => void;
}

interface Thread {
  readonly worker: Worker;
  job: Job | null;
  timer: NodeJS.Timeout | null;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_HEAP_MB = 512;

export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #threads = new Set<Thread>();
  readonly #queue = new TaskQueue<Job>();
  #nextId = 0;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#options.size;
  }

  /**
   * Runs a task of the worker. `Out` is what that task gives: the pool cannot check it.
   * @throws KeysliceError CANCELLED, LIMIT_EXCEEDED (time), what the task threw, or what `lost` gives
   */
  run<Out>(task: string, payload: unknown, options: RunOptions): Promise<Out> {
    const { signal, priority } = options;
    return new Promise<Out>((resolve, reject) => {
      if (this.#closed || signal?.aborted) {
        reject(new KeysliceError('CANCELLED'));
        return;
      }
      const job: Job = {
        request: { id: this.#nextId++, task, payload },
        options,
        priority: typeof priority === 'function' ? priority : () => priority,
        resolve: (result) => {
          signal?.removeEventListener('abort', abort);
          resolve(result as Out);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abort);
          reject(error);
        },
      };
      const abort = (): void => {
        this.#queue.remove(job);
        reject(new KeysliceError('CANCELLED'));
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#queue.add(job);
      this.#dispatch();
    });
  }

  /** Starts every thread now: the first task then finds one that has loaded its module. */
  warmUp(): void {
    while (!this.#closed && this.#threads.size < this.#options.size) this.#spawn().worker.unref();
  }

  /** Ends every thread; what waits or runs is rejected with CANCELLED. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.clear()) job.reject(new KeysliceError('CANCELLED'));
    const threads = [...this.#threads];
    for (const thread of threads) this.#release(thread)?.reject(new KeysliceError('CANCELLED'));
    this.#threads.clear();
    await Promise.all(threads.map((thread) => thread.worker.terminate()));
  }

  #dispatch(): void {
    for (;;) {
      const idle = this.#idleThread();
      const job = idle === null ? undefined : this.#queue.take();
      if (idle === null || job === undefined) return;
      this.#start(idle, job);
    }
  }

  /** A thread without work, started if need be, but never before there is work. */
  #idleThread(): Thread | null {
    for (const thread of this.#threads) if (thread.job === null) return thread;
    return this.#threads.size < this.#options.size && this.#queue.length > 0 ? this.#spawn() : null;
  }

  #spawn(): Thread {
    const { url, workerData, maxHeapMb = DEFAULT_HEAP_MB } = this.#options;
    const worker = new Worker(url, { workerData, resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } });
    const thread: Thread = { worker, job: null, timer: null };
    worker.on('message', (reply: TaskReply) => {
      this.#settle(thread, reply);
    });
    worker.on('error', (thrown: unknown) => {
      this.#lose(thread, lossReason(thrown));
    });
    worker.on('exit', (code) => {
      this.#lose(thread, `its thread ended with code ${code}`);
    });
    this.#threads.add(thread);
    return thread;
  }

  #start(thread: Thread, job: Job): void {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, transfer = [] } = job.options;
    thread.job = job;
    thread.worker.ref();
    thread.timer = setTimeout(() => {
      this.#expire(thread, timeoutMs);
    }, timeoutMs);
    thread.worker.postMessage(job.request, transfer);
  }

  #settle(thread: Thread, reply: TaskReply): void {
    if (thread.job?.request.id !== reply.id) return;
    const job = this.#release(thread);
    if ('error' in reply) job?.reject(KeysliceError.from(reply.error));
    else job?.resolve(reply.result);
    this.#dispatch();
  }

  #expire(thread: Thread, timeoutMs: number): void {
    this.#threads.delete(thread);
    const job = this.#release(thread);
    const what = `The time of the task ${job?.request.task ?? ''} in milliseconds`;
    job?.reject(
      new KeysliceError('LIMIT_EXCEEDED', { what, actual: `more than ${timeoutMs}`, limit: timeoutMs }),
    );
    void thread.worker.terminate();
    this.#dispatch();
  }

  #lose(thread: Thread, reason: string): void {
    if (!this.#threads.delete(thread)) return;
    const job = this.#release(thread);
    job?.reject(job.options.lost?.(reason) ?? new KeysliceError('INTERNAL', { reason }));
    this.#dispatch();
  }

  /** Takes the work from a thread. An idle thread does not keep the process alive. */
  #release(thread: Thread): Job | null {
    const { job, timer } = thread;
    if (timer !== null) clearTimeout(timer);
    thread.timer = null;
    thread.job = null;
    thread.worker.unref();
    return job;
  }
}

/** A codec may throw anything, `undefined` too. */
function lossReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `its thread failed: ${String(thrown)}`;
  const isMemory = 'code' in thrown && thrown.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory ? 'the decoder ran out of memory' : `its thread failed: ${thrown.message}`;
}
