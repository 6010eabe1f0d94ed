import { describe, expect, it } from 'vitest';
import { Options } from '../../../src/cli/options.ts';
import { PROTOCOL_OPTIONS, protocolChanges } from '../../../src/cli/trainProtocol.ts';
import { UsageError } from '../../../src/cli/usage.ts';
import type { ComparedName } from '../../../src/contract/sampling.ts';
import { defaultProtocol, protocolWith } from '../../../src/ml/training/protocol.ts';

const parsed = (sampler: ComparedName, ...args: string[]) =>
  protocolChanges(new Options(args, PROTOCOL_OPTIONS), sampler);

describe('protocol options of train', () => {
  it('change nothing when none is given', () => {
    expect(protocolWith('das', parsed('das'))).toEqual(defaultProtocol('das'));
  });

  it('are read', () => {
    const shared = ['--epochs', '30', '--patience', '5', '--batch', '8', '--learning-rate', '1e-4'];
    const learned = ['--sampler-rate', '2', '--score-weight', '0'];
    const augmented = ['--class-weights', 'balanced', '--mirror', 'columns,rows'];
    const changes = parsed('adps', ...shared, ...learned, ...augmented, '--rounds', '3');
    expect(protocolWith('adps', changes)).toMatchObject({
      epochs: 30,
      patience: 5,
      batch: 8,
      learningRate: 1e-4,
      samplerRate: 2,
      scoreWeight: 0,
      classWeights: 'balanced',
      mirror: ['rows', 'columns'],
      rounds: 3,
    });
    expect(parsed('das', '--base', 'variance').base).toBe('variance');
  });

  it.each<[ComparedName, ...string[]]>([
    ['das', '--epochs', '0'],
    ['das', '--epochs', '10001'],
    ['das', '--batch', '1025'],
    ['das', '--patience', '1.5'],
    ['das', '--learning-rate', '0'],
    ['das', '--learning-rate', 'fast'],
    ['das', '--learning-rate', 'Infinity'],
    ['das', '--score-weight', '-1'],
    ['das', '--class-weights', 'yes'],
    ['das', '--mirror', 'rows,sideways'],
    ['das', '--mirror', 'rows,rows'],
    ['das', '--mirror', ''],
    ['das', '--base', 'random'],
    ['das', '--rounds', '2'],
    ['adps', '--rounds', '5'],
    ['adps', '--base', 'variance'],
    ['uniform', '--sampler-rate', '1'],
    ['average', '--score-weight', '1'],
  ])('of %s refuse %s %s', (sampler, ...args) => {
    expect(() => parsed(sampler, ...args)).toThrow(UsageError);
  });
});
