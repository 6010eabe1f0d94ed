import { describe, expect, it } from 'vitest';
import {
  applyHandmade,
  NOTHING_HANDMADE,
  settleHandmade,
  toggleHandmade,
} from '../../../src/app/handmade.ts';

describe('hand-made changes to a selection', () => {
  const sampled = [2, 5, 9];

  it('adds a frame in its place and takes it back', () => {
    const added = toggleHandmade(sampled, NOTHING_HANDMADE, 4);
    expect(applyHandmade(sampled, added)).toEqual([2, 4, 5, 9]);
    expect(applyHandmade(sampled, toggleHandmade(sampled, added, 4))).toEqual(sampled);
  });

  it('removes a sampled frame and takes it back', () => {
    const removed = toggleHandmade(sampled, NOTHING_HANDMADE, 5);
    expect(applyHandmade(sampled, removed)).toEqual([2, 9]);
    expect(applyHandmade(sampled, toggleHandmade(sampled, removed, 5))).toEqual(sampled);
  });

  it('survives a new sampling, and forgets what the sampler now does itself', () => {
    const changes = toggleHandmade(sampled, toggleHandmade(sampled, NOTHING_HANDMADE, 4), 5);
    const settled = settleHandmade([1, 4, 9], changes);
    expect([...settled.added]).toEqual([]);
    expect([...settled.removed]).toEqual([]);
    const kept = settleHandmade([1, 5, 9], changes);
    expect(applyHandmade([1, 5, 9], kept)).toEqual([1, 4, 9]);
  });
});
