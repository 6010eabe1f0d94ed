import { TIE_DISTANCE, type Picked } from './picked.ts';

/**
 * Slot by slot the frame of largest logit that no earlier slot took; equal ones go to the lower index.
 * @param logits k × T
 */
export function selectBySlots(logits: Float32Array, k: number): Picked {
  const frames = logits.length / k;
  const taken = new Uint8Array(frames);
  let tie = false;
  for (let slot = 0; slot < k; slot++) {
    const { best, lead } = largestFree(logits.subarray(slot * frames, (slot + 1) * frames), taken);
    tie ||= lead < TIE_DISTANCE;
    taken[best] = 1;
  }
  const indices = Int32Array.from({ length: frames }, (_, t) => t).filter((t) => taken[t] === 1);
  // Which slot took a frame does not matter once every frame is taken.
  return { indices, tie: tie && k < frames };
}

/** The frame of largest logit among those not taken, and how far the next one is below it. */
function largestFree(row: Float32Array, taken: Uint8Array): { best: number; lead: number } {
  let best = -1;
  let largest = -Infinity;
  let second = -Infinity;
  for (let t = 0; t < row.length; t++) {
    if (taken[t] === 1) continue;
    const logit = row[t]!;
    if (logit > largest) {
      second = largest;
      largest = logit;
      best = t;
    } else if (logit > second) second = logit;
  }
  return { best, lead: largest - second };
}
