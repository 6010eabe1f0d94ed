// Which runs docs/results.md is made of, in the order in which they are made.

/** @typedef {{ name: string, data: string, train: string[] }} Experiment */

const SEEDS = [0, 1, 2];
const SMALL = ['adrenal', 'vessel'];
const CHOOSING = ['das', 'das-queries', 'variance', 'uniform', 'dps', 'adps', 'random'];
/** Runs of a sampler whose settings are not its default. */
const VARIANTS = new Map([['das-queries', ['--sampler', 'das', '--base', 'queries']]]);
/** Samplers that leave no frame out: the ratio does not matter. */
const WHOLE = ['full', 'average'];

/** @param {string} set @param {number} size @param {string} sampler @param {number} ratio @returns {Experiment[]} */
const overSeeds = (set, size, sampler, ratio) =>
  SEEDS.map((seed) => ({
    name: `${set}-${size}/${sampler}${ratio === 1 ? '' : `-${100 * ratio}`}-seed${seed}`,
    data: `medmnist:${set}:${size}`,
    train: [
      ...(VARIANTS.get(sampler) ?? ['--sampler', sampler]),
      '--ratio',
      String(ratio),
      '--seed',
      String(seed),
    ],
  }));

/** @param {number} ratio */
const choosing = (ratio) =>
  SMALL.flatMap((set) => CHOOSING.flatMap((sampler) => overSeeds(set, 28, sampler, ratio)));

/** The headline first: where a quarter or an eighth of the frames is kept. */
export const EXPERIMENTS = [
  ...choosing(0.25),
  ...SMALL.flatMap((set) => WHOLE.flatMap((sampler) => overSeeds(set, 28, sampler, 1))),
  ...choosing(0.125),
  ...choosing(0.5),
];
