import { afterEach, describe, expect, it } from 'vitest';
import { KeysliceError } from '../../src/contract/errors.ts';
import { WorkerPool } from '../../src/imaging/frames/workerPool.ts';
import type { WorkerPoolOptions } from '../../src/imaging/frames/workerPool.ts';

const URL_OF_WORKER = new URL('./decodePoolWorker.mjs', import.meta.url);
const open: WorkerPool[] = [];

function pool(size: number, options: Partial<WorkerPoolOptions> = {}): WorkerPool {
  const created = new WorkerPool({ url: URL_OF_WORKER, size, ...options });
  open.push(created);
  return created;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function refusal(work: Promise<unknown>): Promise<KeysliceError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof KeysliceError)) throw new Error(`not a coded error: ${String(thrown)}`);
  return thrown;
}

const failed = (reason: string): KeysliceError => new KeysliceError('FRAME_FAILED', { frame: 3, reason });

describe('order', () => {
  it('runs the highest priority first, and asks for it when a thread is free', async () => {
    const threads = pool(1);
    const order: string[] = [];
    let urgent = 0;
    const run = async (name: string, priority: number | (() => number)): Promise<void> => {
      await threads.run('echo', name, { priority });
      order.push(name);
    };
    const first = threads.run('sleep', 50, { priority: 0 });
    const all = [run('low', 1), run('raised', () => urgent), run('high', 5), run('later high', 5)];
    urgent = 9;
    await Promise.all([first, ...all]);
    expect(order).toEqual(['raised', 'high', 'later high', 'low']);
  });

  it('uses no more threads than it may, and starts none before there is work', async () => {
    const threads = pool(2);
    const tasks = Array.from({ length: 12 }, async () => {
      await threads.run('sleep', 5, { priority: 0 });
      return threads.run<number>('thread', null, { priority: 0 });
    });
    expect(new Set(await Promise.all(tasks)).size).toBeLessThanOrEqual(2);
  });
});

describe('warming up', () => {
  it('starts as many threads as there may be, once, and they take the work', async () => {
    const threads = pool(2);
    threads.warmUp();
    threads.warmUp();
    // Handed out as they are asked for: the first two meet two idle threads, however slowly those start.
    const tasks = Array.from({ length: 12 }, () => threads.run<number>('thread', null, { priority: 0 }));
    expect(new Set(await Promise.all(tasks)).size).toBe(2);
  });

  it('starts nothing after closing', async () => {
    const threads = pool(1);
    await threads.close();
    threads.warmUp();
    expect((await refusal(threads.run('echo', 1, { priority: 0 }))).code).toBe('CANCELLED');
  });
});

describe('cancelling', () => {
  it('takes waiting work out of the queue', async () => {
    const threads = pool(1);
    const busy = threads.run('sleep', 50, { priority: 0 });
    const controller = new AbortController();
    const waiting = refusal(threads.run('hang', null, { priority: 0, signal: controller.signal }));
    controller.abort();
    expect((await waiting).code).toBe('CANCELLED');
    await busy;
    expect(await threads.run('echo', 'free', { priority: 0 })).toBe('free');
  });

  it('refuses work that was cancelled before, and all work after closing', async () => {
    const threads = pool(1);
    const signal = AbortSignal.abort();
    expect((await refusal(threads.run('echo', 1, { priority: 0, signal }))).code).toBe('CANCELLED');
    const running = refusal(threads.run('hang', null, { priority: 0 }));
    const queued = refusal(threads.run('echo', 1, { priority: 0 }));
    await threads.close();
    expect([(await running).code, (await queued).code]).toEqual(['CANCELLED', 'CANCELLED']);
    expect((await refusal(threads.run('echo', 1, { priority: 0 }))).code).toBe('CANCELLED');
  });
});

describe('a task that goes wrong costs that task alone', () => {
  it('ends a task that hangs at its time limit', async () => {
    const threads = pool(1);
    const hanging = refusal(threads.run('hang', null, { priority: 1, timeoutMs: 200, lost: failed }));
    const after = threads.run('echo', 'next', { priority: 0 });
    expect((await hanging).report()).toMatchObject({ code: 'LIMIT_EXCEEDED', facts: { limit: 200 } });
    expect(await after).toBe('next');
  });

  it.each(['crash', 'throw', 'throwNothing', 'trap'])(
    'replaces a thread that ends itself (%s)',
    async (task) => {
      const threads = pool(1);
      const crashing = refusal(threads.run(task, null, { priority: 1, lost: failed }));
      const after = threads.run('echo', 'next', { priority: 0 });
      expect((await crashing).code).toBe('FRAME_FAILED');
      expect(await after).toBe('next');
    },
  );

  it('bounds the memory of a thread', async () => {
    const threads = pool(1, { maxHeapMb: 16 });
    const error = await refusal(threads.run('swell', null, { priority: 1, lost: failed }));
    expect(error.message).toContain('out of memory');
    expect(await threads.run('echo', 'next', { priority: 0 })).toBe('next');
  });

  it('fails each task once when the worker cannot start', async () => {
    const threads = pool(2, { url: new URL('./noSuchWorker.mjs', import.meta.url) });
    const both = [1, 2].map((value) => refusal(threads.run('echo', value, { priority: 0, lost: failed })));
    expect((await Promise.all(both)).map((error) => error.code)).toEqual(['FRAME_FAILED', 'FRAME_FAILED']);
  });
});
