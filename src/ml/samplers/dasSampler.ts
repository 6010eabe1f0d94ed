import type { Card } from '../../contract/card.ts';
import type { FrameFeatures, Selection } from '../../contract/sampling.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { type Anchor, anchorOf } from './anchor.ts';
import { samplerContext } from './context.ts';
import { contributions, rowsWithoutGroups } from './contributions.ts';
import { densityOf, pickFrames } from './pickFrames.ts';
import { type Polished, polish } from './polish.ts';
import { MAX_COST_FRAMES, rebuildCosts } from './rebuildCosts.ts';
import { RebuildOptimum } from './rebuildOptimum.ts';
import { checkedCount, requireNumbers, type Sampler } from './sampler.ts';
import { samplingMatrix } from './samplingMatrix.ts';
import { densityScores, rangeScores, wantedScores } from './scoresForPeople.ts';
import type { ScoreGraph, ScoreInputs, ScoreOutputs } from './scoreGraph.ts';

export interface DasParts {
  readonly config: Card['sampler'];
  readonly score: ScoreGraph;
  /** True where frames are kept to rebuild the series from, not to classify it by. */
  readonly rebuilds: boolean;
  /** Of the polish; null: plain TypeScript. */
  readonly kernel: FeatureKernel | null;
}

/**
 * Deep attention-guided adaptive subsampling with the weights of a package (docs/das.md sections 2 to 4). What a package
 * that rebuilds proposes is polished (section 8); the proposal is kept beside the result. What does not depend on k is
 * kept for the series that was asked for last, so that another k costs little.
 */
export function dasSampler(parts: DasParts): Sampler {
  let latest: DasSeries | null = null;
  return {
    name: 'das',
    select: async (features, k, { matrix = false } = {}) => {
      checkedCount(features, k);
      latest = latest?.features === features ? latest : new DasSeries(parts, features);
      return latest.select(k, matrix);
    },
  };
}

type Scored = Pick<Selection, 'contributions'> & ScoreOutputs;

/** More frames than this have costs of more than 32 megabytes, which are made anew each time. */
const KEPT_COST_FRAMES = 2048;

/** One series before a package's sampler. */
class DasSeries {
  readonly features: FrameFeatures;
  readonly #parts: DasParts;
  readonly #anchor: Anchor;
  readonly #inputs: ScoreInputs;
  /** Of a base that is the same for every k. */
  #shared: Promise<Scored> | null = null;
  #explained: ScoreInputs | null = null;
  #optimum: RebuildOptimum | null = null;

  constructor(parts: DasParts, features: FrameFeatures) {
    this.#parts = parts;
    this.features = features;
    this.#anchor = anchorOf(parts.config, features);
    this.#inputs = { ...samplerContext(features, parts.config), anchor: this.#anchor.values };
  }

  async select(k: number, withMatrix: boolean): Promise<Selection> {
    const { config, rebuilds } = this.#parts;
    const scored = await this.#scoresAt(k);
    const { base, temperature, contributions: explained } = scored;
    const { indices, tie } = pickFrames(config, scored, k);
    const polished = rebuilds ? { ...this.#polish(indices), proposal: indices } : { indices };
    return {
      ...polished,
      tie,
      base,
      temperature,
      scores: shownScores(config, scored),
      ...(explained === undefined ? {} : { contributions: explained }),
      ...(withMatrix ? await this.#matrix(k) : {}),
    };
  }

  #scoresAt(k: number): Promise<Scored> {
    if (this.#parts.config.base === 'queries') return this.#score(k);
    this.#shared ??= this.#score(1).catch((thrown: unknown) => {
      this.#shared = null;
      throw thrown;
    });
    return this.#shared;
  }

  async #score(k: number): Promise<Scored> {
    const { config, score } = this.#parts;
    const scores = await score(this.#inputs, k);
    const { base, logits, temperature } = scores;
    requireNumbers('das', base, logits, Float32Array.of(temperature));
    // Learned features have no names to explain a score by.
    if (config.features !== 'handcrafted') return scores;
    const slots = slotsOf(config, k);
    this.#explained ??= rowsWithoutGroups(this.#inputs, this.#anchor);
    return {
      ...scores,
      contributions: await contributions(this.#explained, scores, score, slots),
    };
  }

  async #matrix(k: number): Promise<Pick<Selection, 'logits' | 'matrix'>> {
    const { logits, temperature } = await this.#parts.score(this.#inputs, k);
    requireNumbers('das', logits);
    return { logits, matrix: samplingMatrix(logits, k, temperature) };
  }

  /** Beyond 4,096 frames the proposal stands as it is. */
  #polish(proposal: Int32Array): Polished {
    const frames = this.features.frames.length;
    if (frames > MAX_COST_FRAMES) return { indices: proposal };
    const optimum = this.#optimum ?? new RebuildOptimum(rebuildCosts(this.features, this.#parts.kernel));
    if (frames <= KEPT_COST_FRAMES) this.#optimum = optimum;
    return polish(optimum, proposal);
  }
}

/** So many places say what all say: a query is made of cosines of at most four periods (docs/das.md section 3). */
const EXPLAINED_SLOTS = 32;

/** The base is that of one slot as of many, but for `queries`, where it is the mean over the slots. */
const slotsOf = ({ base }: Card['sampler'], k: number): number =>
  base === 'queries' ? Math.min(k, EXPLAINED_SLOTS) : 1;

function shownScores(config: Card['sampler'], scores: ScoreOutputs): Float32Array {
  if (config.sampling === 'systematic') return densityScores(densityOf(scores));
  if (config.base !== 'queries') return rangeScores(scores.base);
  return wantedScores(scores.logits, scores.base.length);
}
