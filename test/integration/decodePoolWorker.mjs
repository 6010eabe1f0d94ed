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
  // Neither an Error nor anything else that has a message.
  throwNothing: () =>
    new Promise(() => {
      setImmediate(() => {
        throw undefined;
      });
    }),
  // A module that does nothing but `unreachable`: how a codec of wasm ends when it gives up.
  trap: () => {
    const module = new WebAssembly.Module(
      Uint8Array.from(
        Buffer.from('0061736d01000000010401600000030201000707010372756e00000a05010300000b', 'hex'),
      ),
    );
    setImmediate(() => /** @type {() => void} */ (new WebAssembly.Instance(module).exports['run'])());
    return new Promise(() => undefined);
  },
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
