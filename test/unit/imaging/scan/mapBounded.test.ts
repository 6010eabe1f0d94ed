import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../../../src/imaging/scan/mapBounded.ts';

describe('mapBounded', () => {
  it('keeps the order of the items and never works on more than the limit', async () => {
    let working = 0;
    let most = 0;
    const results = await mapBounded([3, 1, 2, 5, 4], 2, async (item) => {
      most = Math.max(most, ++working);
      for (let turn = 0; turn < item; turn++) await setImmediate();
      working--;
      return item * 10;
    });
    expect(results).toEqual([30, 10, 20, 50, 40]);
    expect(most).toBe(2);
  });

  it('starts nothing more after a cancel', async () => {
    const controller = new AbortController();
    const started: number[] = [];
    const work = async (item: number): Promise<void> => {
      started.push(item);
      if (item === 2) controller.abort();
      await setImmediate();
    };
    const mapped = mapBounded([1, 2, 3, 4, 5, 6], 2, work, controller.signal);
    await expect(mapped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(started).toEqual([1, 2]);
  });
});
