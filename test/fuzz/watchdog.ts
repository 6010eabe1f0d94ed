import { Worker } from 'node:worker_threads';

/** A case that holds the event loop cannot be timed from there: a thread looks on, names it, and ends the process. */
const SOURCE = `
const { workerData } = require('node:worker_threads');
const cell = new Int32Array(workerData.cell);
for (;;) {
  const seed = Atomics.load(cell, 0);
  const woken = Atomics.wait(cell, 0, seed, workerData.limitMs);
  if (woken !== 'timed-out') continue;
  require('node:fs').writeSync(2, 'seed ' + seed + ': more than ' + workerData.limitMs + ' ms\\n');
  process.kill(process.pid, 'SIGKILL');
}
`;
/** Longer than a decoder may take, twice. */
const LIMIT_MS = 120_000;

export class Watchdog {
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));
  readonly #worker = new Worker(SOURCE, {
    eval: true,
    workerData: { cell: this.#cell.buffer, limitMs: LIMIT_MS },
  });

  /** A case begins. */
  watch(seed: number): void {
    Atomics.store(this.#cell, 0, seed);
    Atomics.notify(this.#cell, 0);
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
