import { TIE_DISTANCE, type Picked } from './picked.ts';

/**
 * Slot by slot the frame of largest logit that no earlier slot took; equal ones go to the lower index.
 * @param logits k × T
 */
export function selectBySlots(logits: Float32Array, k: number): Picked {
  const frames = logits.length / k;
  const free = new Set(Array.from({ length: frames }, (_, t) => t));
  const chosen: number[] = [];
  let tie = false;
  for (let slot = 0; slot < k; slot++) {
    const row = logits.subarray(slot * frames, (slot + 1) * frames);
    const [best = 0, second] = [...free].sort((a, b) => row[b]! - row[a]! || a - b);
    tie ||= second !== undefined && row[best]! - row[second]! < TIE_DISTANCE;
    chosen.push(best);
    free.delete(best);
  }
  // Which slot took a frame does not matter once every frame is taken.
  return { indices: Int32Array.from(chosen).sort(), tie: tie && k < frames };
}
