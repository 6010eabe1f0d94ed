import { TIE_DISTANCE, type Picked } from './picked.ts';

/** The k largest scores; equal ones go to the lower index. */
export function selectTopK(scores: Float32Array, k: number): Picked {
  const order = Array.from(scores, (_, index) => index).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const tie = k < scores.length && scores[order[k - 1]!]! - scores[order[k]!]! < TIE_DISTANCE;
  return { indices: Int32Array.from(order.slice(0, k)).sort(), tie };
}
