import { KeysliceError } from '../../contract/errors.ts';
import { type ReportedRun, compare, protocolKey } from './reportedRun.ts';

/** Runs that differ in their seed alone. */
export interface Arm {
  readonly sampler: string;
  /** Sampler and the settings in which it differs from most of its runs on the same data. */
  readonly label: string;
  /** True when it differs in none. */
  readonly plain: boolean;
  /** What its weights started from, when it differs in nothing else; null when it does. */
  readonly start: string | null;
  readonly ratio: number;
  readonly runs: readonly ReportedRun[];
}

/** Everything that was run on one data set. */
export interface DataReport {
  readonly name: string;
  readonly arms: readonly Arm[];
  readonly runs: readonly ReportedRun[];
  /** Settings of most runs. */
  readonly protocol: ReportedRun['protocol'];
  /** Per sampler, where most of its own runs differ from that. */
  readonly own: readonly { readonly sampler: string; readonly settings: readonly string[] }[];
}

/** @throws KeysliceError METRICS_INVALID when two runs on one data set did not see the same test series */
export function dataReports(runs: readonly ReportedRun[]): DataReport[] {
  const names = [...new Set(runs.map(({ data }) => data.name))];
  return names.map((name) =>
    dataReport(
      name,
      runs.filter(({ data }) => data.name === name),
    ),
  );
}

function dataReport(name: string, runs: readonly ReportedRun[]): DataReport {
  requireSameSeries(runs);
  const protocol = usualProtocol(runs);
  const usual = new Map(
    [...new Set(runs.map(({ sampler }) => sampler))].map((sampler) => [
      sampler,
      usualProtocol(runs.filter((run) => run.sampler === sampler)),
    ]),
  );
  const byArm = new Map<string, ReportedRun[]>();
  for (const run of runs) {
    const key = JSON.stringify([run.ratio, run.sampler, protocolKey(run.protocol)]);
    byArm.set(key, [...(byArm.get(key) ?? []), run]);
  }
  const arms = [...byArm.values()].flatMap((members): Arm[] => {
    const [first] = members;
    if (first === undefined) return [];
    const { sampler, ratio } = first;
    const differences = settingsBeside(usual.get(sampler) ?? protocol, first.protocol);
    const label = [sampler, ...differences].join(', ');
    const start = startOf(first);
    const others = differences.filter((difference) => difference !== `start ${start}`);
    return [
      {
        sampler,
        label,
        plain: differences.length === 0,
        start: others.length === 0 ? start : null,
        ratio,
        runs: members,
      },
    ];
  });
  const own = [...usual]
    .map(([sampler, settings]) => ({ sampler, settings: settingsBeside(protocol, settings) }))
    .filter(({ settings }) => settings.length > 0);
  return { name, arms, runs, protocol, own };
}

const startOf = ({ protocol: { start } }: ReportedRun): string => String(start);

/** Settings that are not as in `common`, in alphabetical order. */
function settingsBeside(common: ReportedRun['protocol'], settings: ReportedRun['protocol']): string[] {
  return Object.entries(settings)
    .filter(([key, value]) => JSON.stringify(common[key]) !== JSON.stringify(value))
    .map(([key, value]) => `${key} ${String(value)}`)
    .toSorted(compare);
}

function requireSameSeries([first, ...others]: readonly ReportedRun[]): void {
  for (const run of others) {
    const same = run.predictions.labels.join() === first?.predictions.labels.join();
    if (!same)
      throw new KeysliceError(
        'METRICS_INVALID',
        { reason: `its test series are not those of ${first?.path ?? ''}` },
        { path: run.path },
      );
  }
}

/** The commonest value of every setting; of equally common ones the first in order. */
function usualProtocol(runs: readonly ReportedRun[]): ReportedRun['protocol'] {
  const keys = [...new Set(runs.flatMap(({ protocol }) => Object.keys(protocol)))].toSorted(compare);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = runs.flatMap(({ protocol }) => (key in protocol ? [protocol[key]] : []));
      const times = (value: unknown): number =>
        values.filter((other) => JSON.stringify(other) === JSON.stringify(value)).length;
      const best = values.toSorted(
        (a, b) => times(b) - times(a) || compare(JSON.stringify(a), JSON.stringify(b)),
      )[0];
      return best === undefined ? [] : [[key, best]];
    }),
  );
}
