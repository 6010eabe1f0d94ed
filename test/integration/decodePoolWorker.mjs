/** A worker for the tests of the pool: it speaks the port protocol, and hangs, crashes or swells on request. */
import { parentPort, threadId } from 'node:worker_threads';

/** @type {Record<string, (payload: unknown) => unknown>} */
const tasks = {
  echo: (payload) => payload,
  thread: () => threadId,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, Number(milliseconds))),
  hang: () => {
    for (;;);
  },
  crash: () => process.exit(3),
  swell: () => {
    const kept = [];
    for (;;) kept.push(new Array(1000).fill({}));
  },
  throw: () =>
    new Promise(() => {
      setImmediate(() => {
        throw new Error('outside of any task');
      });
    }),
};

/** @param {{ id: number, task: string, payload: unknown }} request */
async function answer({ id, task, payload }) {
  parentPort?.postMessage({ id, result: await tasks[task]?.(payload) });
}

parentPort?.on('message', (request) => void answer(request));
