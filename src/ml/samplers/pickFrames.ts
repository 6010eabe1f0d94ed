import type { Card } from '../../contract/card.ts';
import { selectSystematic } from './selectSystematic.ts';
import { selectTopK } from './selectTopK.ts';
import { softplus } from './softplus.ts';

/** k frames, ascending and distinct. */
export interface Pick {
  indices: Int32Array;
  /** Another engine, whose scores differ by rounding, may choose otherwise. */
  tie: boolean;
}

/**
 * The frames that base scores stand for, the same code on every engine (docs/das.md section 4).
 * @param base T scores, z-scored over the frames
 */
export function pickFrames(sampling: Card['sampler']['sampling'], base: Float32Array, k: number): Pick {
  return sampling === 'topk' ? selectTopK(base, k) : selectSystematic(densityOf(base), k);
}

/** How densely frames are to be kept around each one: softplus of its score, in double precision. */
export function densityOf(base: Float32Array): Float64Array {
  return Float64Array.from(base, softplus);
}
