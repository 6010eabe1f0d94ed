import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Jobs } from '../../../src/app/jobs.ts';
import type { AppEvent } from '../../../src/contract/ipc.ts';

describe('Jobs', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  /** What the window hears: how far the job is, and whether it has ended. */
  function told(): { jobs: Jobs; heard: (readonly [done: number, ended: boolean])[] } {
    const heard: (readonly [done: number, ended: boolean])[] = [];
    const emit = (event: AppEvent): void => {
      if (event.type === 'job') heard.push([event.done, event.ended]);
    };
    return { jobs: new Jobs(emit), heard };
  }

  it('tells the newest progress of work that then waits', () => {
    const { jobs, heard } = told();
    const job = jobs.start('scan', null);
    for (let done = 1; done <= 19; done += 1) job.progress(done, 20);
    expect(heard).toEqual([[0, false]]);
    vi.advanceTimersByTime(1000);
    expect(heard.slice(1)).toEqual([[19, false]]);
  });

  it('tells at most ten times a second', () => {
    const { jobs, heard } = told();
    const job = jobs.start('scan', null);
    for (let done = 1; done <= 1000; done += 1) {
      vi.advanceTimersByTime(1);
      job.progress(done, 1000);
    }
    expect(heard.length).toBeGreaterThanOrEqual(10);
    expect(heard.length).toBeLessThanOrEqual(11);
  });

  it('says nothing more after the end', () => {
    const { jobs, heard } = told();
    const job = jobs.start('scan', null);
    job.progress(1, 2);
    job.end();
    job.progress(2, 2);
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual([
      [0, false],
      [1, true],
    ]);
  });
});
