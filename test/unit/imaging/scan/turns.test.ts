import { describe, expect, it } from 'vitest';
import { inTurns } from '../../../../src/imaging/scan/turns.ts';

const STEP_MS = 3;

function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('long work in turns', () => {
  it('gives back what it makes', async () => {
    const work = function* (): Generator<undefined, string> {
      yield;
      return 'made';
    };
    expect(await inTurns(work())).toBe('made');
  });

  it('leaves the loop to others after a few steps, however many work at once', async () => {
    const stepsOfTurns: number[] = [];
    let steps = 0;
    let working = true;
    const watch = (): void => {
      stepsOfTurns.push(steps);
      steps = 0;
      if (working) setImmediate(watch);
    };
    setImmediate(watch);
    const work = function* (): Generator<undefined, number> {
      for (let step = 0; step < 4; step++) {
        hold(STEP_MS);
        steps++;
        yield;
      }
      return 4;
    };
    const done = await Promise.all(Array.from({ length: 32 }, () => inTurns(work())));
    working = false;
    expect(done).toEqual(Array.from({ length: 32 }, () => 4));
    expect(Math.max(...stepsOfTurns)).toBeLessThanOrEqual(8);
    expect(stepsOfTurns.length).toBeGreaterThan(16);
  });

  it('one that fails does not hold up the others', async () => {
    const work = function* (fails: boolean): Generator<undefined, string> {
      hold(STEP_MS);
      yield;
      if (fails) throw new RangeError('no');
      return 'yes';
    };
    const ends = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => inTurns(work(i % 3 === 0))));
    expect(ends.map(({ status }) => status)).toEqual(
      Array.from({ length: 9 }, (_, i) => (i % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
  });
});
