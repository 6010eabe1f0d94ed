/** A worker for the tests of the pool: it speaks the port protocol, and hangs, crashes or swells on request. */
import { parentPort, threadId } from 'node:worker_threads';

const tasks = {
  echo: (payload) => payload,
  thread: () => threadId,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  hang: () => {
    for (;;);
  },
  crash: () => process.exit(3),
  swell: () => {
    const kept = [];
    for (;;) kept.push(new Array(1000).fill({}));
  },
};

parentPort.on('message', ({ id, task, payload }) => {
  if (task === 'throw')
    setImmediate(() => {
      throw new Error('outside of any task');
    });
  else void Promise.resolve(tasks[task](payload)).then((result) => parentPort.postMessage({ id, result }));
});
