import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ENGINE_CHOICES, type EngineChoice } from '../contract/engineChoice.ts';
import { COMPARED_NAMES, type ComparedName, SAMPLER_NAMES, type SamplerName } from '../contract/sampling.ts';
import { UsageError } from './usage.ts';

type OptionTable = NonNullable<ParseArgsConfig['options']>;

const COMMON = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  strict: { type: 'boolean' },
} as const satisfies OptionTable;

/** Values of a command's options, typed by name. */
export class Options {
  readonly positionals: readonly string[];
  readonly #lists: Readonly<Record<string, readonly string[]>>;
  readonly #values: Readonly<Record<string, string | boolean | undefined>>;

  /** @throws UsageError for an option that the command does not have. */
  constructor(args: readonly string[], table: OptionTable) {
    try {
      const parsed = parseArgs({
        args: [...args],
        options: { ...COMMON, ...table },
        allowPositionals: true,
        strict: true,
      });
      this.positionals = parsed.positionals;
      const entries = Object.entries(parsed.values);
      this.#lists = Object.fromEntries(
        entries.flatMap(([name, value]) => (Array.isArray(value) ? [[name, value.map(String)]] : [])),
      );
      this.#values = Object.fromEntries(
        entries.flatMap(([name, value]) => (Array.isArray(value) ? [] : [[name, value]])),
      );
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** Every value of an option that may be given more than once. */
  all(name: string): readonly string[] {
    return this.#lists[name] ?? [];
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') throw new UsageError(`--${name} is needed`);
    return value;
  }

  whole(name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d+$/.test(value) || Number(value) < least || Number(value) > most)
      throw new UsageError(
        `--${name} takes a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`,
      );
    return Number(value);
  }

  /** A share in (0, 1]. */
  ratio(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const ratio = Number(value);
    if (value.trim() === '' || !(ratio > 0 && ratio <= 1))
      throw new UsageError(`--${name} takes a number above 0 and up to 1`);
    return ratio;
  }

  /** A number above 0, such as 1e-4; 0 itself where it may be. */
  positive(name: string, zero: 'no zero' | 'or zero' = 'no zero'): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    const large = zero === 'or zero' ? number >= 0 : number > 0;
    if (value.trim() === '' || !large || !Number.isFinite(number))
      throw new UsageError(`--${name} takes a number ${zero === 'or zero' ? 'from' : 'above'} 0`);
    return number;
  }

  /** A list with commas, without repeats. */
  someOf<T extends string>(name: string, allowed: readonly T[]): T[] | undefined {
    const words = this.text(name)?.split(',');
    if (words === undefined) return undefined;
    const found = allowed.filter((entry) => words.includes(entry));
    if (found.length !== words.length)
      throw new UsageError(`--${name} takes some of: ${allowed.join(', ')}; with commas, each once`);
    return found;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((entry) => entry === value);
    if (found === undefined) throw new UsageError(`--${name} takes one of: ${allowed.join(', ')}`);
    return found;
  }

  /** The only positional argument. */
  path(): string {
    const [path, ...rest] = this.positionals;
    if (path === undefined) throw new UsageError('a path is needed');
    if (rest.length > 0) throw new UsageError(`only one path is taken, not also ${rest.join(' ')}`);
    return path;
  }
}

/** Options of every command that picks key frames. */
export const SELECTION_OPTIONS = {
  series: { type: 'string' },
  phase: { type: 'string' },
  ratio: { type: 'string' },
  k: { type: 'string' },
  model: { type: 'string' },
  sampler: { type: 'string' },
  engine: { type: 'string' },
  seed: { type: 'string' },
} as const satisfies OptionTable;

export function keySize(options: Options): { k: number } | { ratio: number } {
  const k = options.whole('k', 1);
  const ratio = options.ratio('ratio');
  if (k !== undefined && ratio !== undefined) throw new UsageError('--k and --ratio exclude each other');
  return k === undefined ? { ratio: ratio ?? 0.5 } : { k };
}

export function samplerName(options: Options): SamplerName {
  return options.oneOf('sampler', SAMPLER_NAMES) ?? 'das';
}

/** Of commands that train and compare. */
export function comparedName(options: Options): ComparedName {
  return options.oneOf('sampler', COMPARED_NAMES) ?? 'das';
}

/** `--engine`, then `KEYSLICE_ENGINE`, then auto. */
export function engineChoice(options: Options): EngineChoice {
  const named = options.oneOf('engine', ENGINE_CHOICES);
  if (named !== undefined) return named;
  const environment = process.env['KEYSLICE_ENGINE'];
  if (environment === undefined || environment === '') return 'auto';
  const found = ENGINE_CHOICES.find((choice) => choice === environment);
  if (found === undefined) throw new UsageError(`KEYSLICE_ENGINE takes one of: ${ENGINE_CHOICES.join(', ')}`);
  return found;
}
