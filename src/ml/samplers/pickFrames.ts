import type { Card } from '../../contract/card.ts';
import type { Picked } from './picked.ts';
import type { ScoreOutputs } from './scoreGraph.ts';
import { selectSystematic } from './selectSystematic.ts';
import { selectTopK } from './selectTopK.ts';
import { softplus } from './softplus.ts';

/** What a choice is made from: base scores z-scored over the T frames, and how sharply they are read. */
export type PickScores = Pick<ScoreOutputs, 'base' | 'temperature'>;

/** The frames that scores stand for, the same code on every engine (docs/das.md section 4). */
export function pickFrames(sampling: Card['sampler']['sampling'], scores: PickScores, k: number): Picked {
  return sampling === 'topk' ? selectTopK(scores.base, k) : selectSystematic(densityOf(scores), k);
}

/**
 * How densely frames are to be kept around each one: softplus(a/τ), in double precision. As the scores always have
 * deviation 1, the temperature says how far a series is from one whose frames matter all alike.
 */
export function densityOf({ base, temperature }: PickScores): Float64Array {
  return Float64Array.from(base, (score) => softplus(score / temperature));
}
