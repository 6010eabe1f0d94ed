// Which runs docs/results.md is made of, in the order in which they are made.
import { FOLDS } from './bLines.mjs';

/**
 * @typedef {{ name: string, data: string, train: string[] | null, pretrain?: true }} Experiment `data`: `medmnist:NAME:SIZE`,
 * or the name of a list that experiments.mjs writes; `train` null: what can be told without looking at the images;
 * `pretrain`: the classifier starts from a network that has learned to tell how series were turned
 */

const SEEDS = [0, 1, 2];
const SMALL = ['adrenal', 'vessel'];
const CHOOSING = ['das', 'das-queries', 'variance', 'uniform', 'dps', 'adps', 'random'];
const QUERIES = ['--sampler', 'das', '--base', 'queries'];
/** Runs of a sampler whose settings, or whose start, are not its default. */
const VARIANTS = new Map([
  ['das-queries', QUERIES],
  ['das-queries-both', [...QUERIES, '--features', 'both']],
  ['das-queries-long', [...QUERIES, '--epochs', '45', '--patience', '15']],
  ['das-queries-pretrained', QUERIES],
  ['das-learned', ['--sampler', 'das', '--features', 'learned']],
  ['variance-pretrained', ['--sampler', 'variance']],
  ['uniform-pretrained', ['--sampler', 'uniform']],
  ['dps-pretrained', ['--sampler', 'dps']],
  ['adps-pretrained', ['--sampler', 'adps']],
  ['full-pretrained', ['--sampler', 'full']],
]);
/** Samplers that leave no frame out: the ratio does not matter. */
const WHOLE = ['full', 'average'];

/** @param {string} sampler @param {number} ratio @param {number} seed */
const trained = (sampler, ratio, seed) => [
  ...(VARIANTS.get(sampler) ?? ['--sampler', sampler]),
  '--ratio',
  String(ratio),
  '--seed',
  String(seed),
];

/** @param {string} sampler @param {number} ratio @param {number} seed */
const runName = (sampler, ratio, seed) => `${sampler}${ratio === 1 ? '' : `-${100 * ratio}`}-seed${seed}`;

/** @param {string} set @param {number} size @param {string} sampler @param {number} ratio @returns {Experiment[]} */
const overSeeds = (set, size, sampler, ratio) =>
  SEEDS.map((seed) => ({
    name: `${set}-${size}/${runName(sampler, ratio, seed)}`,
    data: `medmnist:${set}:${size}`,
    train: trained(sampler, ratio, seed),
    ...(sampler.endsWith('-pretrained') ? { pretrain: true } : {}),
  }));

/** @param {number} ratio */
const choosing = (ratio) =>
  SMALL.flatMap((set) => CHOOSING.flatMap((sampler) => overSeeds(set, 28, sampler, ratio)));

export const B_LINES = 'covid-blues-b-lines';
/** Few clips: small batches, and mirroring, which B-lines do not mind. */
const CLIPS = ['--size', '64', '--epochs', '16', '--patience', '16', '--batch', '8', '--mirror', 'columns'];

/** @param {string} sampler @param {number} ratio @returns {Experiment[]} */
const overFolds = (sampler, ratio) =>
  SEEDS.flatMap((seed) =>
    FOLDS.map((fold) => ({
      name: `${B_LINES}/${runName(sampler, ratio, seed)}-fold${fold}`,
      data: `${B_LINES}.fold-${fold}`,
      train: [...trained(sampler, ratio, seed), ...CLIPS],
    })),
  );

/** @type {Experiment[]} */
const SHORTCUTS = FOLDS.map((fold) => ({
  name: `${B_LINES}/shortcuts-fold${fold}`,
  data: `${B_LINES}.fold-${fold}`,
  train: null,
}));

/** The headline first: where a quarter or an eighth of the frames is kept. */
export const EXPERIMENTS = [
  ...choosing(0.25),
  ...SMALL.flatMap((set) => WHOLE.flatMap((sampler) => overSeeds(set, 28, sampler, 1))),
  ...SHORTCUTS,
  ...overFolds('full', 1),
  ...['das', 'das-queries', 'variance', 'uniform'].flatMap((sampler) => overFolds(sampler, 0.25)),
  ...choosing(0.125),
  ...choosing(0.5),
  // What the paper did not try, and the same start for what DAS is compared with; larger frames are the last of it.
  ...['das-queries-both', 'das-queries-long', 'das-queries-pretrained', 'das-learned'].flatMap((variant) =>
    overSeeds('adrenal', 28, variant, 0.25),
  ),
  ...['variance-pretrained', 'uniform-pretrained', 'dps-pretrained', 'adps-pretrained'].flatMap((peer) =>
    overSeeds('adrenal', 28, peer, 0.25),
  ),
  ...overSeeds('adrenal', 28, 'full-pretrained', 1),
  ...overSeeds('adrenal', 64, 'full', 1),
  ...['uniform', 'das', 'das-queries'].flatMap((sampler) => overSeeds('adrenal', 64, sampler, 0.25)),
];
