import { MessageChannel } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { KeysliceError } from '../../../../src/contract/errors.ts';
import { serveTasks } from '../../../../src/imaging/frames/serveTasks.ts';
import type { Task } from '../../../../src/imaging/frames/serveTasks.ts';

async function ask(tasks: Record<string, Task>, task: string, payload: unknown): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  serveTasks(port2, tasks);
  const reply = new Promise((resolve) => port1.once('message', resolve));
  port1.postMessage({ id: 5, task, payload });
  try {
    return await reply;
  } finally {
    port1.close();
  }
}

it('answers with the result and moves what is to be transferred', async () => {
  const values = new Uint8Array(8).fill(3);
  const give: Task = () => Promise.resolve({ result: values, transfer: [values.buffer] });
  expect(await ask({ give }, 'give', null)).toEqual({ id: 5, result: new Uint8Array(8).fill(3) });
  expect(values.length).toBe(0);
});

it('carries code, facts and path of an error', async () => {
  const fail: Task = () =>
    Promise.reject(new KeysliceError('FILE_TRUNCATED', { expected: 10, actual: 4 }, { path: 'a.dcm' }));
  expect(await ask({ fail }, 'fail', null)).toMatchObject({
    error: { code: 'FILE_TRUNCATED', facts: { expected: 10, actual: 4 }, path: 'a.dcm' },
  });
});

it('answers a task that does not exist with an error', async () => {
  expect(await ask({}, 'none', null)).toMatchObject({ id: 5, error: { code: 'INTERNAL' } });
});

it.each([
  ['a text', 'broken'],
  ['null', null],
  ['an object', { exception: 'broken' }],
])('answers with an error when %s is thrown', async (_, thrown) => {
  // Codecs of wasm throw what they like; a signal throws its reason, whatever that is.
  const fail: Task = () => {
    AbortSignal.abort(thrown).throwIfAborted();
    return Promise.resolve({ result: null });
  };
  expect(await ask({ fail }, 'fail', null)).toMatchObject({ id: 5, error: { code: 'INTERNAL' } });
});
