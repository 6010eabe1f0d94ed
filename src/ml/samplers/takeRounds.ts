import { TIE_DISTANCE, type Picked } from './picked.ts';

/** `each`: a round for every frame; a number: that many rounds, of sizes that differ by one at most. */
export type Rounds = 'each' | number;

/** Frames that each round takes; rounds that would take none are left out. */
export function roundSizes(rounds: Rounds, k: number): number[] {
  const count = rounds === 'each' ? k : Math.min(rounds, k);
  return Array.from(
    { length: count },
    (_, r) => Math.floor(((r + 1) * k) / count) - Math.floor((r * k) / count),
  );
}

/** Logits of the next round's frames, T, from the share of each frame among those taken. */
export type NextLogits = (share: Float32Array) => Promise<Float32Array>;

export interface RoundsTaken extends Picked {
  /** k × T: for each frame taken the logits that it was taken by, in the order of taking. */
  readonly logits: Float32Array;
}

/**
 * Active sampling: round by round the frames of largest logit among those that are still free, ties to the lower
 * index. What is taken in one round is seen in the next.
 */
export async function takeRounds(
  frames: number,
  sizes: readonly number[],
  nextLogits: NextLogits,
): Promise<RoundsTaken> {
  const free = new Set(Array.from({ length: frames }, (_, t) => t));
  const order: number[] = [];
  const rows: Float32Array[] = [];
  let tie = false;
  for (const size of sizes) {
    const logits = await nextLogits(shareOf(frames, order));
    const ranked = [...free].sort((a, b) => logits[b]! - logits[a]! || a - b);
    const next = ranked[size];
    tie ||= next !== undefined && logits[ranked[size - 1]!]! - logits[next]! < TIE_DISTANCE;
    for (const t of ranked.slice(0, size)) {
      free.delete(t);
      order.push(t);
      rows.push(logits);
    }
  }
  const logits = new Float32Array(rows.length * frames);
  rows.forEach((row, slot) => {
    logits.set(row, slot * frames);
  });
  return { indices: Int32Array.from(order).sort(), tie, logits };
}

function shareOf(frames: number, taken: readonly number[]): Float32Array {
  const share = new Float32Array(frames);
  for (const t of taken) share[t] = 1 / taken.length;
  return share;
}
