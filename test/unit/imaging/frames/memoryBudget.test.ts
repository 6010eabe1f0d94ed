import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../../../src/imaging/frames/memoryBudget.ts';

function keeper(budget: MemoryBudget): {
  evicted: string[];
  keep: (name: string, bytes: number) => () => void;
} {
  const evicted: string[] = [];
  const keep = (name: string, bytes: number) => {
    const entry = { bytes, evict: () => evicted.push(name) };
    budget.keep(entry);
    return () => {
      budget.touch(entry);
    };
  };
  return { evicted, keep };
}

describe('MemoryBudget', () => {
  it('lets the least recently used go', () => {
    const budget = new MemoryBudget(100);
    const { evicted, keep } = keeper(budget);
    const touchFirst = keep('first', 40);
    keep('second', 40);
    touchFirst();
    keep('third', 40);
    expect(evicted).toEqual(['second']);
    expect(budget.used).toBe(80);
  });

  it('keeps the newest even when it is larger than the budget', () => {
    const budget = new MemoryBudget(100);
    const { evicted, keep } = keeper(budget);
    keep('small', 10);
    keep('large', 500);
    expect(evicted).toEqual(['small']);
    expect(budget.used).toBe(500);
  });

  it('makes room for what is pinned', () => {
    const budget = new MemoryBudget(100);
    const { evicted, keep } = keeper(budget);
    keep('frame', 60);
    budget.pin(70);
    expect(evicted).toEqual(['frame']);
    budget.unpin(70);
    expect(budget.used).toBe(0);
  });
});
