import { expect, it } from 'vitest';
import { TaskQueue } from '../../../../src/imaging/frames/taskQueue.ts';

const task = (name: string, priority: () => number) => ({ name, priority });

it('gives the highest priority of the moment first, then the order of arrival', () => {
  const queue = new TaskQueue<ReturnType<typeof task>>();
  let looking = 0;
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
    queue.add(task(name, () => -Math.abs(index - looking)));
  expect(queue.take()?.name).toBe('a');
  looking = 3;
  expect(queue.take()?.name).toBe('d');
  looking = 1.5;
  expect([queue.take()?.name, queue.take()?.name, queue.take()]).toEqual(['b', 'c', undefined]);
});

it('forgets what was removed', () => {
  const queue = new TaskQueue<ReturnType<typeof task>>();
  const gone = task('gone', () => 1);
  queue.add(gone);
  expect(queue.remove(gone)).toBe(true);
  expect(queue.remove(gone)).toBe(false);
  expect(queue.length).toBe(0);
});
