/** Hand-made changes to a selection: what the person added to and removed from the sampler's choice. Pure. */
export interface Handmade {
  readonly added: ReadonlySet<number>;
  readonly removed: ReadonlySet<number>;
}

export const NOTHING_HANDMADE: Handmade = { added: new Set(), removed: new Set() };

/** The selection that is shown and exported, ascending. */
export function applyHandmade(sampled: readonly number[], { added, removed }: Handmade): number[] {
  const kept = new Set(sampled.filter((frame) => !removed.has(frame)));
  for (const frame of added) kept.add(frame);
  return [...kept].sort((a, b) => a - b);
}

/** Turns one frame on or off; a second time takes the change back. */
export function toggleHandmade(sampled: readonly number[], handmade: Handmade, frame: number): Handmade {
  const inSample = sampled.includes(frame);
  return inSample
    ? { added: handmade.added, removed: toggled(handmade.removed, frame) }
    : { added: toggled(handmade.added, frame), removed: handmade.removed };
}

/** After a new sampling: changes that the sampler now makes by itself are no longer hand-made. */
export function settleHandmade(sampled: readonly number[], { added, removed }: Handmade): Handmade {
  const inSample = new Set(sampled);
  return {
    added: new Set([...added].filter((frame) => !inSample.has(frame))),
    removed: new Set([...removed].filter((frame) => inSample.has(frame))),
  };
}

function toggled(frames: ReadonlySet<number>, frame: number): Set<number> {
  const next = new Set(frames);
  if (!next.delete(frame)) next.add(frame);
  return next;
}
