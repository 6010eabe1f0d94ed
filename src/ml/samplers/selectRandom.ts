import { seededRandom } from '../seededRandom.ts';

/** k of T frames without replacement, ascending; the same seed gives the same frames. */
export function selectRandom(frames: number, k: number, seed: number): Int32Array {
  const random = seededRandom(seed);
  const order = Int32Array.from({ length: frames }, (_, t) => t);
  for (let slot = 0; slot < k; slot++) {
    const other = slot + Math.floor(random() * (frames - slot));
    [order[slot], order[other]] = [order[other]!, order[slot]!];
  }
  return order.slice(0, k).sort();
}
