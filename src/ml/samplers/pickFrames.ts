import type { Card } from '../../contract/card.ts';
import type { Picked } from './picked.ts';
import type { ScoreOutputs } from './scoreGraph.ts';
import { selectBySlots } from './selectBySlots.ts';
import { selectSystematic } from './selectSystematic.ts';
import { selectTopK } from './selectTopK.ts';
import { softplus } from './softplus.ts';

/** What of a sampler decides how scores are read. */
export type PickConfig = Pick<Card['sampler'], 'base' | 'sampling'>;

/** The frames that scores stand for, the same code on every engine (docs/das.md section 4). */
export function pickFrames({ base, sampling }: PickConfig, scores: ScoreOutputs, k: number): Picked {
  if (sampling === 'systematic') return selectSystematic(densityOf(scores), k);
  return base === 'queries' ? selectBySlots(scores.logits, k) : selectTopK(scores.base, k);
}

/**
 * How densely frames are to be kept around each one: softplus(a/τ), in double precision. As the scores always have
 * deviation 1, the temperature says how far a series is from one whose frames matter all alike.
 */
export function densityOf({ base, temperature }: Pick<ScoreOutputs, 'base' | 'temperature'>): Float64Array {
  return Float64Array.from(base, (score) => softplus(score / temperature));
}
