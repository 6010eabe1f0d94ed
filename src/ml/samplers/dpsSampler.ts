import { KeysliceError } from '../../contract/errors.ts';
import { checkedCount, type Sampler } from './sampler.ts';
import { samplingMatrix } from './samplingMatrix.ts';
import { rangeScores } from './scoresForPeople.ts';
import { selectTopK } from './selectTopK.ts';

/** The weights of DPS that a package carries: a logit for each of its T frames. */
export interface DpsParts {
  readonly logits: Float32Array;
  readonly tau0: number;
}

/**
 * DPS-topK: the same k frames of every series of T frames, ties to the lower index (docs/das.md section 7).
 * `select` throws SAMPLER_NOT_APPLICABLE for a series of another length.
 */
export function dpsSampler(parts: DpsParts): Sampler {
  return {
    name: 'dps',
    // Async, so that what does not fit rejects.
    select: async (features, k) => {
      const frames = checkedCount(features, k);
      const base = logitsFor(parts, frames);
      const logits = Float32Array.from({ length: k * frames }, (_, at) => base[at % frames]!);
      return Promise.resolve({
        ...selectTopK(base, k),
        scores: rangeScores(base),
        base,
        logits,
        temperature: parts.tau0,
        matrix: samplingMatrix(logits, k, parts.tau0),
      });
    },
  };
}

/** The logits, for a series of as many frames. @throws KeysliceError SAMPLER_NOT_APPLICABLE */
export function logitsFor({ logits }: Pick<DpsParts, 'logits'>, frames: number): Float32Array {
  if (frames === logits.length) return logits;
  const reason = `it was trained for series of ${logits.length} frames, this one has ${frames}`;
  throw new KeysliceError('SAMPLER_NOT_APPLICABLE', { sampler: 'dps', reason });
}
