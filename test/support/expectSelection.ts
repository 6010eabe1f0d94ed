import { expect } from 'vitest';
import type { Selection } from '../../src/contract/sampling.ts';

/** Exactly k distinct frames of T in order, and every number that goes with them a number. */
export function expectSelection(what: string, selection: Selection, k: number, frames: number): void {
  const { indices, scores, proposal = indices } = selection;
  for (const kept of [indices, proposal]) {
    expect(kept, what).toHaveLength(k);
    const ordered = kept.every(
      (frame, slot) => frame > (slot === 0 ? -1 : kept[slot - 1]!) && frame < frames,
    );
    expect(ordered, `${what}: ${String(kept)}`).toBe(true);
  }
  expect(scores, what).toHaveLength(frames);
  expect(
    scores.every((score) => score >= 0 && score <= 1),
    `scores of ${what}`,
  ).toBe(true);
  const { base, logits, matrix, contributions, keptContributions, temperature = 1 } = selection;
  const numbers = { base, logits, matrix, contributions, keptContributions, temperature: [temperature] };
  for (const [name, values] of Object.entries(numbers))
    expect(values?.every(Number.isFinite) ?? true, `${name} of ${what}`).toBe(true);
}
