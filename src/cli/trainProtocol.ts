import type { TrainRequest } from '../app/train.ts';
import type { ComparedName } from '../contract/sampling.ts';
import type { Options } from './options.ts';
import { UsageError } from './usage.ts';

type Changes = TrainRequest['protocol'];

/** Options of `train` that change its protocol. */
export const PROTOCOL_OPTIONS = {
  epochs: { type: 'string' },
  patience: { type: 'string' },
  batch: { type: 'string' },
  'learning-rate': { type: 'string' },
  'sampler-rate': { type: 'string' },
  'score-weight': { type: 'string' },
  'class-weights': { type: 'string' },
  mirror: { type: 'string' },
  base: { type: 'string' },
  features: { type: 'string' },
  sampling: { type: 'string' },
  noise: { type: 'string' },
  rounds: { type: 'string' },
} as const;

const LEARNED: readonly ComparedName[] = ['das', 'dps', 'adps'];
/** Whose options they are. */
const OWN: Readonly<Record<string, readonly ComparedName[]>> = {
  base: ['das'],
  features: ['das'],
  sampling: ['das'],
  noise: LEARNED,
  rounds: ['adps'],
  'sampler-rate': LEARNED,
  'score-weight': LEARNED,
};
const MOST = { epochs: 10_000, batch: 1024 } as const;

/** What the options change in the protocol. @throws UsageError */
export function protocolChanges(options: Options, sampler: ComparedName): Changes {
  for (const [name, owners] of Object.entries(OWN))
    if (options.text(name) !== undefined && !owners.includes(sampler))
      throw new UsageError(`--${name} belongs to --sampler ${owners.join(' or ')}`);
  if (options.text('sampling') === 'systematic') {
    if (options.text('base') === 'queries')
      throw new UsageError('--sampling systematic needs one density: not with --base queries');
    if (options.text('score-weight') !== undefined)
      throw new UsageError('--score-weight has no meaning with --sampling systematic');
  }
  return {
    epochs: upTo(options, 'epochs'),
    batch: upTo(options, 'batch'),
    patience: options.whole('patience', 1),
    learningRate: options.positive('learning-rate'),
    samplerRate: options.positive('sampler-rate'),
    scoreWeight: options.positive('score-weight', 'or zero'),
    classWeights: options.oneOf('class-weights', ['none', 'balanced']),
    mirror: options.someOf('mirror', ['rows', 'columns', 'frames']),
    base: options.oneOf('base', ['variance', 'learned', 'queries']),
    features: options.oneOf('features', ['handcrafted', 'learned', 'both']),
    sampling: options.oneOf('sampling', ['topk', 'systematic']),
    noise: options.positive('noise'),
    rounds: roundsOf(options),
  };
}

function upTo(options: Options, name: keyof typeof MOST): number | undefined {
  const value = options.whole(name, 1);
  if (value !== undefined && value > MOST[name])
    throw new UsageError(`--${name} takes a whole number up to ${MOST[name]}`);
  return value;
}

function roundsOf(options: Options): Changes['rounds'] {
  const words = { each: 'each', '2': 2, '3': 3, '4': 4 } as const;
  const word = options.oneOf('rounds', ['each', '2', '3', '4']);
  return word === undefined ? undefined : words[word];
}
