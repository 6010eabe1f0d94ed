import type { Card } from '../../contract/card.ts';
import type { FrameFeatures, Selection } from '../../contract/sampling.ts';
import type { FeatureKernel } from '../features/featureKernel.ts';
import { type Anchor, anchorOf } from './anchor.ts';
import { samplerContext } from './context.ts';
import { contributions, rowsWithoutGroups } from './contributions.ts';
import { gapOctave, SeriesGaps, withGapFeatures } from './gapFeatures.ts';
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

/** What a package is told of a series. */
interface Told {
  readonly inputs: ScoreInputs;
  readonly anchor: Anchor;
}

/** One series before a package's sampler. */
class DasSeries {
  readonly features: FrameFeatures;
  readonly #parts: DasParts;
  readonly #told: Told;
  /** Of a base that many k share: of all, or of those whose gaps have the same octave. */
  readonly #shared = new Map<number, Promise<Scored>>();
  /** Of `queries`, which is asked anew for every k. */
  #explained: ScoreInputs | null = null;
  #gaps: SeriesGaps | null = null;
  #optimum: RebuildOptimum | null = null;

  constructor(parts: DasParts, features: FrameFeatures) {
    const anchor = anchorOf(parts.config, features);
    this.#parts = parts;
    this.features = features;
    this.#told = { inputs: { ...samplerContext(features, parts.config), anchor: anchor.values }, anchor };
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

  async #scoresAt(k: number): Promise<Scored> {
    const { base, gaps } = this.#parts.config;
    if (base === 'queries') {
      this.#explained ??= this.#withoutGroups(this.#told);
      return this.#score(this.#told, this.#explained, k);
    }
    const octave = gaps === true ? gapOctave(this.features.frames.length, k) : 0;
    const known = this.#shared.get(octave) ?? this.#sharedScores(k);
    this.#shared.set(octave, known);
    return known.catch((thrown: unknown) => {
      this.#shared.delete(octave);
      throw thrown;
    });
  }

  async #sharedScores(k: number): Promise<Scored> {
    const told = this.#toldAt(k);
    return this.#score(told, this.#withoutGroups(told), 1);
  }

  #toldAt(k: number): Told {
    if (this.#parts.config.gaps !== true) return this.#told;
    this.#gaps ??= new SeriesGaps(this.features);
    const seen = this.#gaps.at(gapOctave(this.features.frames.length, k));
    return { inputs: withGapFeatures(this.#told.inputs, seen), anchor: seen.anchor };
  }

  /** Null: learned features have no names to explain a score by. */
  #withoutGroups({ inputs, anchor }: Told): ScoreInputs | null {
    const { config } = this.#parts;
    return config.features === 'handcrafted' ? rowsWithoutGroups(inputs, anchor, config) : null;
  }

  async #score({ inputs }: Told, explained: ScoreInputs | null, k: number): Promise<Scored> {
    const { config, score } = this.#parts;
    const scores = await score(inputs, k);
    const { base, logits, temperature } = scores;
    requireNumbers('das', base, logits, Float32Array.of(temperature));
    if (explained === null) return scores;
    return { ...scores, contributions: await contributions(explained, scores, score, slotsOf(config, k)) };
  }

  async #matrix(k: number): Promise<Pick<Selection, 'logits' | 'matrix'>> {
    const { logits, temperature } = await this.#parts.score(this.#toldAt(k).inputs, k);
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
