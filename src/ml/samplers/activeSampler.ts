import { placeCodes, seenFrames } from './adpsInputs.ts';
import { checkedCount, requireNumbers, type Sampler } from './sampler.ts';
import { samplingMatrix } from './samplingMatrix.ts';
import { likelihoodScores } from './scoresForPeople.ts';
import { type NextLogits, type Rounds, roundSizes, takeRounds } from './takeRounds.ts';

/** T × 256 and T × 32: what A-DPS may look at. */
export interface ActiveInputs {
  readonly seen: Float32Array;
  readonly places: Float32Array;
}

/** Starts one selection; the state of its LSTM lives as long as the function that it gives. */
export type StartRounds = (inputs: ActiveInputs) => NextLogits;

/** The weights of A-DPS that a package carries. */
export interface ActiveParts {
  readonly start: StartRounds;
  readonly rounds: Rounds;
  readonly tau0: number;
}

/** A-DPS (docs/das.md section 7): looks at what it has taken before it takes more, so it needs a run per round. */
export function activeSampler({ start, rounds, tau0 }: ActiveParts): Sampler {
  return {
    name: 'adps',
    select: async (features, k) => {
      const frames = checkedCount(features, k);
      const nextLogits = start({ seen: seenFrames(features), places: placeCodes(frames) });
      const { indices, tie, logits } = await takeRounds(frames, roundSizes(rounds, k), nextLogits);
      requireNumbers('adps', logits);
      const matrix = samplingMatrix(logits, k, tau0);
      return { indices, tie, logits, temperature: tau0, matrix, scores: likelihoodScores(matrix, frames) };
    },
  };
}
